package dev.firebreak.gateway.renewal;

import dev.firebreak.gateway.platform.GatewayProperties;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.CRC32;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** When a session's access token is renewed. Pure: the same question has the same answer on every node. */
@Component
public final class RenewalPolicy {
    private final Duration renewAfter;
    private final Duration jitter;
    private final Duration minLeft;

    /** What is to be done with a token that has this age. */
    public enum Decision {
        /** Young: use it. */
        KEEP,
        /** Old enough to renew, young enough to use if that takes long. */
        DUE,
        /** Not to be sent any more: it could end before the service has answered. */
        REQUIRED
    }

    @Autowired
    RenewalPolicy(GatewayProperties gateway) {
        this(gateway.renewAfter(), gateway.renewJitter(), gateway.upstream().minTokenLeft());
    }

    RenewalPolicy(Duration renewAfter, Duration jitter, Duration minLeft) {
        this.renewAfter = renewAfter;
        this.jitter = jitter;
        this.minLeft = minLeft;
    }

    /** Decides for a token of the session {@code sid} that is to be sent with an ordinary call. */
    public Decision decide(Instant now, Instant issuedAt, Instant expiresAt, String sid) {
        return decide(now, issuedAt, expiresAt, sid, Duration.ZERO);
    }

    /**
     * The same for a call that may take longer than others.
     *
     * @param callTimeout how long; up to that of an ordinary call makes no difference
     */
    public Decision decide(Instant now, Instant issuedAt, Instant expiresAt, String sid, Duration callTimeout) {
        Duration forCall = GatewayProperties.Upstream.minTokenLeft(callTimeout);
        Duration left = forCall.compareTo(minLeft) > 0 ? forCall : minLeft;
        if (!expiresAt.minus(left).isAfter(now)) {
            return Decision.REQUIRED;
        }
        Instant dueAt = issuedAt.plus(renewAfter).plus(spread(sid));
        return dueAt.isAfter(now) ? Decision.KEEP : Decision.DUE;
    }

    /** Until when a token with this expiry is sent to services with ordinary calls. */
    public Instant usableUntil(Instant expiresAt) {
        return expiresAt.minus(minLeft);
    }

    /** Between -jitter and +jitter, fixed per session, so that sessions that began together renew apart. */
    private Duration spread(String sid) {
        CRC32 hash = new CRC32();
        hash.update(sid.getBytes(StandardCharsets.UTF_8));
        long span = 2 * jitter.toMillis() + 1;
        return Duration.ofMillis(hash.getValue() % span - jitter.toMillis());
    }
}
