package dev.firebreak.auth.grant;

import dev.firebreak.auth.trust.Revocations;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.trust.Revocation;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Authorization codes: good once, for a minute, with the verifier of their challenge. A code used a second time takes back
 * what its first use made (RFC 6749, 4.1.2), because one of the two users is not the client.
 */
public final class AuthorizationCodes {
    private static final Logger LOG = LoggerFactory.getLogger(AuthorizationCodes.class);
    /** RFC 7636, 4.1. */
    private static final Pattern VERIFIER = Pattern.compile("[A-Za-z0-9._~-]{43,128}");

    private final CodeRepository codes;
    private final FamilyRepository families;
    private final MacKeys macKeys;
    private final Revocations revocations;
    private final TransactionTemplate transaction;
    private final InstantSource clock;
    private final MeterRegistry metrics;

    AuthorizationCodes(
            CodeRepository codes,
            FamilyRepository families,
            MacKeys macKeys,
            Revocations revocations,
            TransactionTemplate transaction,
            InstantSource clock,
            MeterRegistry metrics) {
        this.codes = codes;
        this.families = families;
        this.macKeys = macKeys;
        this.revocations = revocations;
        this.transaction = transaction;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * What a user agreed to.
     *
     * @param codeChallenge of method S256
     * @param scopes at least one
     */
    public record NewCode(
            String clientId,
            UUID sid,
            String redirectUri,
            String codeChallenge,
            Set<String> scopes,
            @Nullable String nonce) {}

    /**
     * A client's attempt to use a code.
     *
     * @param firstJti id of the access token that the client would get; revoked if the code comes a second time
     * @param withRefreshToken whether the client may have one
     */
    public record Redemption(
            String code,
            String clientId,
            String redirectUri,
            String codeVerifier,
            String firstJti,
            boolean withRefreshToken) {
        @Override
        public String toString() {
            return "Redemption[" + clientId + "]";
        }
    }

    /** What a code was good for. */
    public record Redeemed(UserGrant grant, @Nullable String refreshToken) {
        @Override
        public String toString() {
            return "Redeemed[" + grant + "]";
        }
    }

    /** Stores a code, or rather its hash. */
    public void store(String code, NewCode granted) {
        codes.insert(hash(code), granted, clock.instant().plus(Lifetimes.AUTHORIZATION_CODE));
    }

    /** Uses the code; empty is positive proof that it buys nothing. One statement if it does. */
    public Optional<Redeemed> redeem(Redemption request) {
        if (!VERIFIER.matcher(request.codeVerifier()).matches()) {
            return refused("bad_verifier");
        }
        UUID family = request.withRefreshToken() ? UUID.randomUUID() : null;
        // Made first: without a MAC key the code must stay good.
        String refreshToken = family == null ? null : macKeys.ring().make(family, 1, request.clientId());
        Optional<UserGrant> grant = codes.use(request, challenge(request.codeVerifier()), family, clock.instant());
        if (grant.isPresent()) {
            count("redeemed");
            return Optional.of(new Redeemed(grant.get(), refreshToken));
        }
        return refused(takeBack(request.code(), request.clientId()) ? "reused" : "refused");
    }

    private boolean takeBack(String code, String clientId) {
        Boolean takenBack = transaction.execute(status -> {
            Optional<CodeRepository.Spoils> spoils = codes.takeSpoils(code, clientId);
            spoils.ifPresent(made -> {
                Instant now = clock.instant();
                if (made.family() != null) {
                    families.end(made.family(), clientId, "code_reuse", now);
                }
                revocations.revoke(Revocation.Kind.JTI, made.firstJti(), null);
                if (made.renewed()) {
                    // The later tokens' ids are stored nowhere. Up to now only: the browser's sign-in itself goes on.
                    revocations.revoke(Revocation.Kind.SID, made.sid().toString(), now);
                }
                LOG.warn("An authorization code of client {} came twice; what it made was revoked", clientId);
            });
            return spoils.isPresent();
        });
        return Boolean.TRUE.equals(takenBack);
    }

    private Optional<Redeemed> refused(String why) {
        count(why);
        return Optional.empty();
    }

    private void count(String outcome) {
        metrics.counter("auth.code", "outcome", outcome).increment();
    }

    static byte[] hash(String code) {
        return sha256(code);
    }

    private static String challenge(String verifier) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(verifier));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
