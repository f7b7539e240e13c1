package dev.firebreak.auth.signing;

import dev.firebreak.contracts.token.Lifetimes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * When keys may and must move.
 *
 * @param rotateEvery how long a key signs before the next one takes over
 * @param publishAhead how long a key is published before it signs, so that caches of third parties have it
 * @param jwksMaxAge longest time for which anybody may keep the JWKS
 * @param keyLife hard end of signing, counted from activation, whatever else happens
 * @param lease how long a node may sign with what it last read
 * @param tokenLife longest life of a token
 * @param freezes times in which the schedule activates nothing
 */
record KeyPolicy(
        SigningAlgorithm algorithm,
        Duration rotateEvery,
        Duration publishAhead,
        Duration jwksMaxAge,
        Duration keyLife,
        Duration lease,
        Duration tokenLife,
        List<Freeze> freezes) {
    /** How long an emergency key that somebody lacks waits after its publication: by then trust data without it is not fresh, whatever clocks and commits take. */
    static final Duration FRESHNESS = Lifetimes.TRUST_FRESH.plusSeconds(2);

    /** How long an emergency waits for verifiers before it passes over them. */
    static final Duration EMERGENCY_WAIT = Duration.ofSeconds(3);

    KeyPolicy {
        freezes = List.copyOf(freezes);
    }

    /**
     * A time in which nothing changes by itself.
     *
     * @param to first moment after it
     */
    record Freeze(Instant from, Instant to, String reason) {
        Freeze {
            if (!from.isBefore(to)) {
                throw new IllegalArgumentException("A freeze must end after it begins: %s to %s".formatted(from, to));
            }
        }

        boolean covers(Instant time) {
            return !time.isBefore(from) && time.isBefore(to);
        }
    }

    Optional<Freeze> freezeAt(Instant time) {
        return freezes.stream().filter(freeze -> freeze.covers(time)).findFirst();
    }

    /** The time itself, or the end of the freezes that cover it. */
    Instant afterFreezes(Instant time) {
        Instant moved = time;
        for (int i = 0; i <= freezes.size(); i++) {
            Freeze freeze = freezeAt(moved).orElse(null);
            if (freeze == null) {
                return moved;
            }
            moved = freeze.to();
        }
        return moved;
    }

    /** When third parties can be relied on to have a key. */
    Instant knownToThirdParties(Instant publishedAt) {
        return publishedAt.plus(publishAhead.compareTo(jwksMaxAge) > 0 ? publishAhead : jwksMaxAge);
    }

    /**
     * When the last token of a key that signs no more has expired: other nodes may have signed with it for a lease, the
     * token may be young then, and clocks differ.
     */
    Instant lastTokenExpired(Instant retiringSince) {
        return retiringSince.plus(lease).plus(tokenLife).plus(Lifetimes.CLOCK_SKEW);
    }

    /** When the schedule makes another key sign; now if none does. */
    Instant rotationAt(@Nullable SigningKey active, Instant now) {
        Instant since = active == null ? null : active.activatedAt();
        return since == null ? now : since.plus(rotateEvery);
    }
}
