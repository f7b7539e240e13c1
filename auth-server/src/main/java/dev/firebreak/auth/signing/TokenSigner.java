package dev.firebreak.auth.signing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * Signs tokens with the active key: no SQL, no lock. Refuses once the key table was not read for the length of the lease,
 * because by then another node may have retired or revoked this key.
 */
public final class TokenSigner {
    private final SigningKeys keys;
    private final Duration lease;
    private final InstantSource clock;

    TokenSigner(SigningKeys keys, Duration lease, InstantSource clock) {
        this.keys = keys;
        this.lease = lease;
        this.clock = clock;
    }

    /**
     * A compact JWS (RFC 7515), in the active key's algorithm.
     *
     * @param claims as JSON; times in seconds
     * @param type value of the header {@code typ}
     * @throws ServiceException if nothing may sign at the moment
     */
    public String sign(JOSEObjectType type, Map<String, Object> claims) {
        ActiveKey key = activeKey();
        JWSObject token = new JWSObject(
                new JWSHeader.Builder(key.algorithm())
                        .type(type)
                        .keyID(key.kid())
                        .build(),
                new Payload(claims));
        try {
            token.sign(key.signer());
        } catch (JOSEException e) {
            throw new IllegalStateException("Signing key %s does not sign".formatted(key.kid()), e);
        }
        return token.serialize();
    }

    /** Fails early, before a grant is spent, if nothing may sign at the moment. */
    public void requireReady() {
        activeKey();
    }

    /** Whether a token could be signed now. */
    boolean isReady() {
        try {
            activeKey();
            return true;
        } catch (ServiceException e) {
            return false;
        }
    }

    /** How long this node may still sign without reading the key table; zero or less = not at all. */
    public Duration leaseLeft() {
        return keys.snapshot()
                .map(read -> Duration.between(
                        clock.instant(), read.published().readAt().plus(lease)))
                .orElse(Duration.ZERO);
    }

    /** The key that may sign now. */
    ActiveKey activeKey() {
        SigningKeys.Snapshot read = keys.snapshot().orElseThrow(() -> unavailable("No signing key was read yet"));
        Instant now = clock.instant();
        if (!now.isBefore(read.published().readAt().plus(lease))) {
            throw unavailable("The signing keys were read too long ago");
        }
        ActiveKey active = read.active();
        if (active == null || !active.maySignAt(now)) {
            throw unavailable("No signing key is active");
        }
        return active;
    }

    private static ServiceException unavailable(String detail) {
        return new ServiceException(AuthError.UNAVAILABLE, detail);
    }
}
