package dev.firebreak.gateway.renewal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.firebreak.gateway.platform.GatewayProperties;
import dev.firebreak.gateway.session.Session;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Renewed sessions, for those who still come with the old cookie: requests that ran beside the renewal, and the browser
 * whose answer was lost. Kept until sent once and {@link #AFTER_SENT} more, at most until the old access token ends, and
 * never less than {@link #AFTER_SENT} in all. Bounded; who finds nothing here renews again, and the authorization server
 * answers the same. Keys are hashes of refresh tokens, so that the map gives none away.
 */
@Component
public class Successors {
    /** The window in which the authorization server itself forgives anyone (contracts, "refresh token"). */
    static final Duration AFTER_SENT = Duration.ofSeconds(30);

    private final InstantSource clock;
    private final Cache<String, Held> cache;

    /** A renewed session and how long it is kept. */
    public static final class Held {
        private final Session session;
        private final String sealed;
        private final Duration unsent;
        private volatile boolean sent;

        Held(Session session, String sealed, Duration unsent) {
            this.session = session;
            this.sealed = sealed;
            this.unsent = unsent;
        }

        Session session() {
            return session;
        }

        String sealed() {
            return sealed;
        }
    }

    Successors(GatewayProperties gateway, InstantSource clock, MeterRegistry metrics) {
        this.clock = clock;
        this.cache = Caffeine.newBuilder()
                .maximumSize(gateway.renewal().maxHeld())
                .expireAfter(Expiry.<String, Held>creating((_, held) -> held.unsent))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .executor(Runnable::run)
                .build();
        Gauge.builder("gateway.renewal.held", cache, Cache::estimatedSize)
                .description("Renewed sessions kept for requests with the old cookie")
                .register(metrics);
    }

    /** The successor of a session, if this node holds one. */
    Optional<Held> find(Session old) {
        return Optional.ofNullable(cache.getIfPresent(key(old)));
    }

    /**
     * Keeps a successor.
     *
     * @param oldTokenEnds when the old access token expires
     */
    Held hold(Session old, Session renewed, String sealed, Instant oldTokenEnds) {
        Duration untilOldEnds = Duration.between(clock.instant(), oldTokenEnds);
        Duration kept = untilOldEnds.compareTo(AFTER_SENT) > 0 ? untilOldEnds : AFTER_SENT;
        Held held = new Held(renewed, sealed, kept);
        cache.put(key(old), held);
        return held;
    }

    /** The new cookie is on its way: from the first time on, only the stragglers' window is left. */
    void sent(Session old, Held held) {
        if (!held.sent) {
            held.sent = true;
            cache.policy().expireVariably().ifPresent(expiry -> {
                Duration left = expiry.getExpiresAfter(key(old)).orElse(Duration.ZERO);
                if (left.compareTo(AFTER_SENT) > 0) {
                    expiry.setExpiresAfter(key(old), AFTER_SENT);
                }
            });
        }
    }

    /** Name of a session's generation: not the token itself. */
    static String key(Session session) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest(session.refreshToken().getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
