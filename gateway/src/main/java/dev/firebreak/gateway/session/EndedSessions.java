package dev.firebreak.gateway.session;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/**
 * Sessions that ended through this node: refused here at once, also while the authorization server, and with it the trust
 * feed that will tell everyone, is away. Kept for a day, longer than any outage that a sign-out should have to wait for.
 * Bounded; a forgotten one is what it would be at every other node.
 */
@Component
public class EndedSessions {
    private static final int MAX = 20_000;
    private static final Duration KEPT = Duration.ofDays(1);

    private final Cache<String, Boolean> ended;

    EndedSessions(InstantSource clock, MeterRegistry metrics) {
        this.ended = Caffeine.newBuilder()
                .maximumSize(MAX)
                .expireAfterWrite(KEPT)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .executor(Runnable::run)
                .build();
        Gauge.builder("gateway.session.ended", ended, Cache::estimatedSize)
                .description("Sessions that ended through this node and are remembered")
                .register(metrics);
    }

    /** Remembers that this session is over. */
    public void add(String sid) {
        ended.put(sid, Boolean.TRUE);
    }

    /** Whether this node knows that it is over. */
    public boolean contains(String sid) {
        return ended.getIfPresent(sid) != null;
    }
}
