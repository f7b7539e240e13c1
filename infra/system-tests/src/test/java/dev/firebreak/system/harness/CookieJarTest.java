package dev.firebreak.system.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CookieJarTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");
    private static final URI ORIGIN = URI.create("http://localhost:8080");

    private final CookieJar jar = new CookieJar(() -> NOW);

    @Test
    void readsTheAttributes() {
        CookieJar.Cookie cookie = CookieJar.parse("a=b=c; Path=/auth; Max-Age=60; HttpOnly; SameSite=Lax", NOW);

        assertThat(cookie)
                .isEqualTo(new CookieJar.Cookie("a", "b=c", "/auth", true, false, "Lax", NOW.plusSeconds(60)));
    }

    @Test
    void sendsACookieBelowItsPathOnly() {
        jar.store(answer("sso=1; Path=/auth", "all=2; Path=/"));

        assertThat(jar.header(ORIGIN.resolve("/auth/login"))).contains("sso=1; all=2");
        assertThat(jar.header(ORIGIN.resolve("/authority"))).contains("all=2");
        assertThat(jar.header(ORIGIN.resolve("/"))).contains("all=2");
    }

    @Test
    void forgetsWhatIsCleared() {
        jar.store(answer("a=1; Path=/"));
        jar.store(answer("a=; Path=/; Max-Age=0"));

        assertThat(jar.header(ORIGIN.resolve("/"))).isEmpty();
    }

    @Test
    void losesTheShareItIsToldTo() {
        jar.lose(0.05, new SplittableRandom(1));

        for (int i = 0; i < 2000; i++) {
            jar.store(answer("a=" + i + "; Path=/"));
        }

        assertThat(jar.dropped()).isBetween(70, 130);
    }

    @Test
    void copiesAreIndependent() {
        jar.store(answer("a=1; Path=/"));

        CookieJar thief = jar.copy();
        jar.store(answer("a=2; Path=/"));

        assertThat(thief.header(ORIGIN.resolve("/"))).contains("a=1");
    }

    private static Answer answer(String... setCookies) {
        HttpHeaders headers = HttpHeaders.of(Map.of("set-cookie", List.of(setCookies)), (name, value) -> true);
        return new Answer("GET", ORIGIN, 200, headers, "", Duration.ZERO);
    }
}
