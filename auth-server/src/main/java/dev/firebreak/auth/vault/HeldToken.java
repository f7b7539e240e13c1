package dev.firebreak.auth.vault;

import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * An open access token in memory. Its text shows nothing of the token.
 *
 * @param row whose token it is
 * @param grantVersion of the grant when the row was read: a later one means that something has changed
 * @param loadedAt when this node read it or got it
 */
record HeldToken(
        UUID row,
        UUID grant,
        long grantVersion,
        UUID user,
        String accessToken,
        Instant obtainedAt,
        Instant expiresAt,
        Set<String> scopes,
        Instant loadedAt) {
    /** On its way to the caller, and from there to Google, it gets older. */
    private static final Duration ON_THE_WAY = Duration.ofSeconds(2);

    /**
     * Whether it will do. Of one that was made for a short time, half of that does: to renew it at each call would help
     * nobody.
     */
    boolean isGoodFor(Duration life, Instant now) {
        Duration left = Duration.between(now, expiresAt);
        Duration half = Duration.between(obtainedAt, expiresAt).dividedBy(2);
        Duration needed = life.plus(ON_THE_WAY);
        return left.isPositive() && left.compareTo(needed.compareTo(half) < 0 ? needed : half) >= 0;
    }

    /** Time left. */
    Duration left(Instant now) {
        return Duration.between(now, expiresAt);
    }

    @Override
    public String toString() {
        return "HeldToken[" + row + ", until " + expiresAt + "]";
    }
}
