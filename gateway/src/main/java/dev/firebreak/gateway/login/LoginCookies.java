package dev.firebreak.gateway.login;

import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.gateway.seal.Opened;
import dev.firebreak.gateway.seal.Seal;
import dev.firebreak.gateway.session.SessionCookie;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.http.HttpCookie;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * The sealed cookies of sign-ins under way, one each, so that two tabs do not disturb each other. At most {@link #MAX}
 * in a browser: the oldest goes first.
 */
@Component
class LoginCookies {
    static final int MAX = 5;

    private final SessionCookie cookies;
    private final Seal seal;
    private final InstantSource clock;
    private final String prefix;

    LoginCookies(SessionCookie cookies, Seal seal, InstantSource clock) {
        this.cookies = cookies;
        this.seal = seal;
        this.clock = clock;
        this.prefix = cookies.name() + "-login-";
    }

    /** Adds the cookie of a new sign-in and clears those that are too many. */
    void add(ServerWebExchange exchange, LoginAttempt attempt) {
        for (String name : surplus(exchange)) {
            SessionCookie.add(
                    exchange, cookies.cookie(name, "").maxAge(Duration.ZERO).build());
        }
        String name = prefix + attempt.state();
        SessionCookie.add(
                exchange,
                cookies.cookie(name, seal.seal(name, attempt.encode()))
                        .maxAge(Lifetimes.SIGN_IN_STEP)
                        .build());
    }

    /** The sign-in with this state, if this browser started it within the last ten minutes. */
    Optional<LoginAttempt> find(ServerWebExchange exchange, String state) {
        if (!LoginAttempt.isState(state)) {
            return Optional.empty();
        }
        HttpCookie cookie = exchange.getRequest().getCookies().getFirst(prefix + state);
        return cookie == null ? Optional.empty() : open(cookie).filter(this::isInTime);
    }

    /** Clears the cookie of a sign-in that is over. */
    void clear(ServerWebExchange exchange, LoginAttempt attempt) {
        SessionCookie.add(
                exchange,
                cookies.cookie(prefix + attempt.state(), "")
                        .maxAge(Duration.ZERO)
                        .build());
    }

    /** Names of the cookies that must go so that there is room for one more; unreadable ones count as the oldest. */
    private List<String> surplus(ServerWebExchange exchange) {
        List<HttpCookie> present = new ArrayList<>();
        exchange.getRequest().getCookies().forEach((name, values) -> {
            if (name.startsWith(prefix)) {
                present.add(values.getFirst());
            }
        });
        int tooMany = present.size() + 1 - MAX;
        return tooMany <= 0
                ? List.of()
                : present.stream()
                        .sorted(Comparator.comparing(this::startOf))
                        .limit(tooMany)
                        .map(HttpCookie::getName)
                        .toList();
    }

    private Instant startOf(HttpCookie cookie) {
        return open(cookie).map(LoginAttempt::startedAt).orElse(Instant.MIN);
    }

    private Optional<LoginAttempt> open(HttpCookie cookie) {
        String state = cookie.getName().substring(prefix.length());
        return seal.open(cookie.getName(), cookie.getValue()) instanceof Opened.Content content
                ? LoginAttempt.decode(state, content.bytes())
                : Optional.empty();
    }

    private boolean isInTime(LoginAttempt attempt) {
        return attempt.startedAt().plus(Lifetimes.SIGN_IN_STEP).isAfter(clock.instant());
    }
}
