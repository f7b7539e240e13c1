package dev.firebreak.auth.grant;

import dev.firebreak.auth.grant.FamilyRepository.Family;
import dev.firebreak.auth.grant.RefreshDecision.End;
import dev.firebreak.auth.grant.RefreshDecision.Refuse;
import dev.firebreak.auth.grant.RefreshDecision.Repeat;
import dev.firebreak.auth.grant.RefreshDecision.Rotate;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exchanges a refresh token for its successor. One statement when the newest token is presented, two when an answer was
 * lost, three when that counts or ends the family. Never holds a connection between two statements.
 */
public final class RefreshTokens {
    private static final Logger LOG = LoggerFactory.getLogger(RefreshTokens.class);
    /** Each further try needs another request of the same family in between. */
    private static final int ATTEMPTS = 4;

    private final FamilyRepository families;
    private final MacKeys macKeys;
    private final InstantSource clock;
    private final MeterRegistry metrics;

    RefreshTokens(FamilyRepository families, MacKeys macKeys, InstantSource clock, MeterRegistry metrics) {
        this.families = families;
        this.macKeys = macKeys;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** What became of a refresh token. */
    public sealed interface Outcome {
        /** Tokens may be made; {@code refreshToken} goes with them. */
        record Renewed(UserGrant grant, String refreshToken) implements Outcome {
            @Override
            public String toString() {
                return "Renewed[" + grant + "]";
            }
        }

        /** Positive proof that the token buys nothing; {@code why} is for log and metric. */
        record Refused(String why) implements Outcome {}
    }

    /**
     * @param confidential whether the client has proved who it is
     * @throws ServiceException if nothing can be decided now
     */
    public Outcome refresh(String presented, String clientId, boolean confidential) {
        Outcome outcome = decide(presented, clientId, new RefreshPolicy(confidential));
        if (outcome instanceof Outcome.Refused(String why)) {
            count(why);
        }
        return outcome;
    }

    private Outcome decide(String presented, String clientId, RefreshPolicy policy) {
        Optional<RefreshToken> parsed = RefreshToken.parse(presented);
        if (parsed.isEmpty()) {
            return new Outcome.Refused("malformed");
        }
        RefreshToken token = parsed.get();
        MacRing ring = macKeys.ring();
        if (ring.isRevoked(token)) {
            return new Outcome.Refused("key_revoked");
        }
        if (!ring.made(token, clientId)) {
            return new Outcome.Refused("forged");
        }
        Instant now = clock.instant();
        Optional<Family> rotated = families.rotate(token.family(), clientId, token.generation(), now);
        if (rotated.isPresent()) {
            return renewed(
                    ring, token.family(), rotated.get(), rotated.get().row().generation(), "rotated");
        }
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Outcome> outcome = decideUnderPolicy(token, clientId, policy, ring, now);
            if (outcome.isPresent()) {
                return outcome.get();
            }
        }
        throw new ServiceException(AuthError.UNAVAILABLE, "The session is being renewed by too many requests at once");
    }

    /** One look and at most one write; empty if the family changed in between. */
    private Optional<Outcome> decideUnderPolicy(
            RefreshToken token, String clientId, RefreshPolicy policy, MacRing ring, Instant now) {
        Optional<Family> found = families.find(token.family(), clientId);
        if (found.isEmpty()) {
            return Optional.of(new Outcome.Refused("unknown"));
        }
        Family family = found.get();
        if (family.grant().user().disabled()) {
            return Optional.of(new Outcome.Refused("user_disabled"));
        }
        UUID id = token.family();
        return switch (policy.decide(family.row(), token.generation(), now)) {
            case Rotate to ->
                families.rotateTo(id, family.row(), to, now)
                        ? Optional.of(renewed(ring, id, family, to.generation(), "rotated"))
                        : Optional.empty();
            case Repeat(long generation, boolean countsLate) ->
                !countsLate || families.countLateReplay(id, family.row())
                        ? Optional.of(renewed(ring, id, family, generation, countsLate ? "repeated_late" : "repeated"))
                        : Optional.empty();
            case End(RefreshDecision.EndReason reason) ->
                families.end(id, family.row(), reason.wireName(), now)
                        ? Optional.of(ended(id, family, reason.wireName()))
                        : Optional.empty();
            case Refuse(RefreshDecision.Refusal why) ->
                Optional.of(new Outcome.Refused(
                        switch (why) {
                            case ENDED -> "ended";
                            case EXPIRED -> "expired";
                        }));
        };
    }

    /** Ends the family of a token (RFC 7009). False proves only that the token was no live one of this client. */
    public boolean revoke(String presented, String clientId) {
        Optional<RefreshToken> token = RefreshToken.parse(presented);
        if (token.isEmpty() || !macKeys.ring().made(token.get(), clientId)) {
            return false;
        }
        boolean ended = families.end(token.get().family(), clientId, "revoked_by_client", clock.instant());
        if (ended) {
            count("revoked_by_client");
        }
        return ended;
    }

    /** Form of a refresh token; says nothing of whether it is valid. */
    public static boolean looksLikeOne(String token) {
        return RefreshToken.parse(token).isPresent();
    }

    private Outcome renewed(MacRing ring, UUID id, Family family, long generation, String outcome) {
        String successor = ring.make(id, generation, family.grant().clientId());
        count(outcome);
        return new Outcome.Renewed(family.grant(), successor);
    }

    private static Outcome ended(UUID id, Family family, String reason) {
        LOG.atWarn()
                .addKeyValue("family", id)
                .addKeyValue("sid", family.grant().sid())
                .addKeyValue("sub", family.grant().user().id())
                .addKeyValue("client_id", family.grant().clientId())
                .addKeyValue("reason", reason)
                .log("Two parties hold refresh tokens of one sign-in: its family was ended ({})", reason);
        return new Outcome.Refused(reason);
    }

    private void count(String outcome) {
        metrics.counter("auth.refresh", "outcome", outcome).increment();
    }
}
