package dev.firebreak.system.harness;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * The cookies of one browser at one host (RFC 6265bis, as far as this system uses it), able to lose a share of what it is
 * told, as a browser does when an answer never arrives. Thread-safe: tabs share it.
 */
public final class CookieJar {
    /** One cookie with the attributes it was set with; {@code expires} is {@link Instant#MAX} for a session cookie. */
    public record Cookie(
            String name,
            String value,
            String path,
            boolean httpOnly,
            boolean secure,
            String sameSite,
            Instant expires) {
        boolean matches(String requestPath) {
            return requestPath.equals(path)
                    || requestPath.startsWith(path) && (path.endsWith("/") || requestPath.charAt(path.length()) == '/');
        }

        /** Never the value: it is a credential. */
        @Override
        public String toString() {
            return name + " (Path=" + path + ")";
        }
    }

    private final Map<String, Cookie> cookies = new LinkedHashMap<>();
    private final AtomicInteger dropped = new AtomicInteger();
    private final InstantSource clock;
    private RandomGenerator random = () -> 0L;
    private double loss;

    public CookieJar(InstantSource clock) {
        this.clock = clock;
    }

    /** From now on each {@code Set-Cookie} is lost with this probability. */
    public synchronized void lose(double share, RandomGenerator seeded) {
        this.loss = share;
        this.random = seeded;
    }

    /** Takes in every cookie of an answer, or loses it. */
    public synchronized void store(Answer answer) {
        for (String header : answer.setCookies()) {
            if (loss > 0 && random.nextDouble() < loss) {
                dropped.incrementAndGet();
                continue;
            }
            Cookie cookie = parse(header, clock.instant());
            String key = cookie.name() + ";" + cookie.path();
            if (cookie.expires().isAfter(clock.instant())) {
                cookies.put(key, cookie);
            } else {
                cookies.remove(key);
            }
        }
    }

    /** Value of the {@code Cookie} header for this address; empty when there is nothing to send. */
    public synchronized Optional<String> header(URI uri) {
        Instant now = clock.instant();
        cookies.values().removeIf(cookie -> !cookie.expires().isAfter(now));
        List<Cookie> sent = cookies.values().stream()
                .filter(cookie -> cookie.matches(uri.getRawPath()))
                .sorted(Comparator.comparing((Cookie cookie) -> -cookie.path().length()))
                .toList();
        return sent.isEmpty()
                ? Optional.empty()
                : Optional.of(sent.stream()
                        .map(cookie -> cookie.name() + "=" + cookie.value())
                        .collect(Collectors.joining("; ")));
    }

    public synchronized Optional<Cookie> find(String name) {
        return cookies.values().stream()
                .filter(cookie -> cookie.name().equals(name))
                .findFirst();
    }

    public synchronized Collection<Cookie> all() {
        return List.copyOf(cookies.values());
    }

    /** Puts a cookie in by hand: a stolen one, or one that was tampered with. */
    public synchronized void put(Cookie cookie) {
        cookies.put(cookie.name() + ";" + cookie.path(), cookie);
    }

    public synchronized void remove(String name) {
        cookies.values().removeIf(cookie -> cookie.name().equals(name));
    }

    /** A second browser with the same cookies, as a thief has them. */
    public synchronized CookieJar copy() {
        CookieJar copy = new CookieJar(clock);
        cookies.values().forEach(copy::put);
        return copy;
    }

    /** How many {@code Set-Cookie} headers were lost so far. */
    public int dropped() {
        return dropped.get();
    }

    /** Reads one {@code Set-Cookie} header. */
    public static Cookie parse(String header, Instant now) {
        String[] parts = header.split(";");
        int equals = parts[0].indexOf('=');
        Map<String, String> attributes = new LinkedHashMap<>();
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].strip().split("=", 2);
            attributes.put(pair[0].toLowerCase(Locale.ROOT), pair.length == 2 ? pair[1] : "");
        }
        return new Cookie(
                parts[0].substring(0, equals).strip(),
                parts[0].substring(equals + 1).strip(),
                attributes.getOrDefault("path", "/"),
                attributes.containsKey("httponly"),
                attributes.containsKey("secure"),
                attributes.getOrDefault("samesite", ""),
                Optional.ofNullable(attributes.get("max-age"))
                        .map(seconds -> now.plus(Duration.ofSeconds(Long.parseLong(seconds))))
                        .orElse(Instant.MAX));
    }
}
