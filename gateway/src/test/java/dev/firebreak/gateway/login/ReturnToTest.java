package dev.firebreak.gateway.login;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnToTest {
    static final String ORIGIN = "http://localhost:8080";

    @ParameterizedTest
    @ValueSource(strings = {"/", "/tasks", "/tasks?filter=open&x=%2F", "/tasks#top", "/a/b.c", "/auth/account"})
    void goesToPathsOfThisOrigin(String path) {
        assertThat(ReturnTo.of(path, ORIGIN)).isEqualTo(path);
        assertThat(ReturnTo.of(ORIGIN + path, ORIGIN)).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "tasks",
                "//evil.example",
                "///evil.example",
                "/\\evil.example",
                "\\\\evil.example",
                "/\t/evil.example",
                "/\n/evil.example",
                " //evil.example",
                "https://evil.example/",
                "http://localhost:8080.evil.example/",
                "http://localhost:8080@evil.example/",
                "http://localhost:8080",
                "http://localhost:8080//evil.example",
                "javascript:alert(1)",
                "data:text/html,x",
                "/login",
                "/login?return_to=/",
                "/login/callback?code=x",
                "/logout",
                "/auth/logout",
                "/%",
                "/caf\u00e9"
            })
    void goesHomeForEverythingElse(String wish) {
        assertThat(ReturnTo.of(wish, ORIGIN)).isEqualTo("/");
    }

    @Test
    void goesHomeWithoutAWishOrWithOneThatIsTooLong() {
        assertThat(ReturnTo.of(null, ORIGIN)).isEqualTo("/");
        assertThat(ReturnTo.of("/" + "a".repeat(600), ORIGIN)).isEqualTo("/");
    }
}
