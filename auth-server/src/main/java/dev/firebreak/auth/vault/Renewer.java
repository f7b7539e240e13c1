package dev.firebreak.auth.vault;

import dev.firebreak.auth.google.Google;
import dev.firebreak.auth.vault.TokenRepository.Grant;
import dev.firebreak.auth.vault.TokenRepository.Row;
import dev.firebreak.auth.vault.TokenSeal.Place;
import dev.firebreak.auth.vault.TokenSeal.SealedToken;
import dev.firebreak.auth.vault.VaultMetrics.Renewal;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Renews one access token under a lease that its caller has taken (ADR 22). Google is called outside of any transaction;
 * what it says is stored in one that compares the fence, the version of the row and the version of the refresh token that
 * was sent. A refused refresh token is a verdict on the grant only if the grant still has it. Thread-safe.
 */
final class Renewer {
    private static final Logger LOG = LoggerFactory.getLogger(Renewer.class);
    /** Each further one needs a refresh token that was replaced while Google was asked with the one before. */
    private static final int TRIES = 3;
    /** Before what is wrong with our client is tried again; somebody must mend it. */
    private static final Duration MISCONFIGURED = Duration.ofSeconds(30);

    private final TokenRepository rows;
    private final TransactionOperations transaction;
    private final TokenSeal seal;
    private final Google google;
    private final InstantSource clock;
    private final VaultMetrics metrics;

    Renewer(
            TokenRepository rows,
            TransactionOperations transaction,
            TokenSeal seal,
            Google google,
            InstantSource clock,
            VaultMetrics metrics) {
        this.rows = rows;
        this.transaction = transaction;
        this.seal = seal;
        this.google = google;
        this.clock = clock;
        this.metrics = metrics;
    }

    /** What came of it. */
    sealed interface Outcome {
        record Renewed(HeldToken token) implements Outcome {}

        /** Somebody else has changed the row meanwhile: read it again. */
        record Overtaken() implements Outcome {}

        /** The user must connect again. */
        record Broken(String reason) implements Outcome {}

        /** Nothing was learnt about the grant. */
        record Trouble(String reason, Duration retryAfter) implements Outcome {}
    }

    Outcome renew(Row row, long fence) {
        try {
            Outcome outcome = tryToRenew(row, fence);
            count(outcome);
            if (!(outcome instanceof Outcome.Renewed)) {
                rows.release(row.id(), fence, outcome instanceof Outcome.Trouble, clock.instant());
            }
            return outcome;
        } catch (RuntimeException e) {
            metrics.renewal(Renewal.FAILED);
            releaseAfter(e, row, fence);
            throw e;
        }
    }

    private void releaseAfter(RuntimeException failure, Row row, long fence) {
        try {
            rows.release(row.id(), fence, true, clock.instant());
        } catch (RuntimeException e) {
            // The lease ends by itself.
            failure.addSuppressed(e);
        }
    }

    private void count(Outcome outcome) {
        metrics.renewal(
                switch (outcome) {
                    case Outcome.Renewed _ -> Renewal.RENEWED;
                    case Outcome.Overtaken _ -> Renewal.FENCED;
                    case Outcome.Broken _ -> Renewal.BROKEN;
                    case Outcome.Trouble trouble ->
                        trouble.retryAfter().equals(MISCONFIGURED) ? Renewal.MISCONFIGURED : Renewal.AWAY;
                });
    }

    private Outcome tryToRenew(Row row, long fence) {
        for (int i = 0; i < TRIES; i++) {
            Grant grant = rows.grant(row.grant()).orElse(null);
            if (grant == null) {
                return new Outcome.Overtaken();
            }
            SealedToken sealed = grant.refreshToken();
            if (grant.reason() != null || sealed == null) {
                return new Outcome.Broken(grant.reason() == null ? "revoked" : grant.reason());
            }
            String refreshToken = open(sealed, row, grant);
            Instant asked = clock.instant();
            switch (google.refresh(refreshToken, row.scopes())) {
                case Google.Outcome.Granted(Google.Tokens tokens) -> {
                    return store(row, fence, grant.tokenVersion(), tokens, asked);
                }
                case Google.Outcome.Worthless(String description) -> {
                    String reason = reason(description, grant.expiresAt());
                    String broken = judge(row, grant.tokenVersion(), reason);
                    if (broken != null) {
                        return new Outcome.Broken(broken);
                    }
                }
                case Google.Outcome.Away(String reason, Duration retryAfter) -> {
                    return new Outcome.Trouble(reason, retryAfter);
                }
                case Google.Outcome.Misconfigured(String error) -> {
                    LOG.error("Google refuses to renew a token of {} for row {}: {}", row.service(), row.id(), error);
                    return new Outcome.Trouble(error, MISCONFIGURED);
                }
            }
        }
        return new Outcome.Trouble("replaced_too_often", Duration.ofSeconds(1));
    }

    private String open(SealedToken sealed, Row row, Grant grant) {
        try {
            return seal.open(sealed, Place.refreshToken(row.grant(), row.user(), grant.tokenVersion()));
        } catch (IllegalStateException e) {
            LOG.error("The refresh token of grant {} does not open", row.grant(), e);
            throw new ServiceException(
                    AuthError.UNAVAILABLE, "What is stored cannot be opened at the moment.", Duration.ofSeconds(10), e);
        }
    }

    private Outcome store(Row row, long fence, long sentVersion, Google.Tokens tokens, Instant asked) {
        Place place = Place.accessToken(row.id(), row.user(), row.service(), row.tokenVersion() + 1);
        SealedToken accessToken = seal.seal(tokens.accessToken(), place);
        String next = tokens.refreshToken();
        SealedToken refreshToken =
                next == null ? null : seal.seal(next, Place.refreshToken(row.grant(), row.user(), sentVersion + 1));
        HeldToken token = new HeldToken(
                row.id(),
                row.grant(),
                row.grantVersion(),
                row.user(),
                tokens.accessToken(),
                asked,
                asked.plus(tokens.life()),
                tokens.scopes(),
                asked);
        Long grantVersion = transaction.execute(status -> {
            Long version = storeGrant(row.grant(), sentVersion, next, refreshToken, tokens.refreshTokenLife(), asked);
            boolean stored = version != null && rows.storeAccessToken(row, fence, accessToken, token);
            return stored ? version : null;
        });
        return grantVersion == null
                ? new Outcome.Overtaken()
                : new Outcome.Renewed(new HeldToken(
                        token.row(),
                        token.grant(),
                        grantVersion,
                        token.user(),
                        token.accessToken(),
                        token.obtainedAt(),
                        token.expiresAt(),
                        token.scopes(),
                        token.loadedAt()));
    }

    /**
     * What Google said of the refresh token; the version of the grant after that, nothing if it is not to be used. A next
     * refresh token is stored even if the lease is lost: the one before may be worth nothing any more.
     */
    private @Nullable Long storeGrant(
            UUID grant,
            long sentVersion,
            @Nullable String next,
            @Nullable SealedToken sealed,
            @Nullable Duration life,
            Instant asked) {
        Grant now = rows.lockGrant(grant).orElse(null);
        if (now == null) {
            return null;
        }
        Instant expiresAt = life == null ? null : asked.plus(life);
        boolean mayReplace = now.tokenVersion() == sentVersion
                && (now.reason() == null || TokenRepository.REFUSED.contains(now.reason()));
        if (next != null && sealed != null && mayReplace) {
            rows.replaceRefreshToken(grant, sealed, next, expiresAt, asked);
            return now.version() + 1;
        }
        if (now.reason() != null) {
            return null;
        }
        rows.refreshed(grant, now.tokenVersion() == sentVersion ? expiresAt : null, asked);
        return now.version();
    }

    /** The reason for which the grant does not work any more; nothing if it has another refresh token by now. */
    private @Nullable String judge(Row row, long sentVersion, String reason) {
        String broken = transaction.execute(status -> {
            Grant now = rows.lockGrant(row.grant()).orElse(null);
            if (now == null) {
                return reason;
            }
            if (now.reason() != null) {
                return now.reason();
            }
            if (now.tokenVersion() != sentVersion) {
                return null;
            }
            rows.needsReconnect(row.grant(), reason, clock.instant());
            return reason;
        });
        if (broken != null) {
            LOG.info("Grant {} of user {} needs its user again: {}", row.grant(), row.user(), broken);
        }
        return broken;
    }

    private String reason(String description, @Nullable Instant expiresAt) {
        if (description.equals("invalid_rapt")) {
            return "session_control";
        }
        return expiresAt != null && !clock.instant().isBefore(expiresAt) ? "expired" : "revoked";
    }
}
