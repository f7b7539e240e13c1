package dev.firebreak.auth.oauth;

import com.nimbusds.jose.JOSEObjectType;
import dev.firebreak.auth.grant.UserGrant;
import dev.firebreak.auth.signing.TokenSigner;
import dev.firebreak.auth.user.UserAccount;
import dev.firebreak.contracts.token.Claims;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.contracts.token.Scopes;
import dev.firebreak.trust.VerifiedToken;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AccessToken;

/** Writes the claims of tokens (contracts, "Tokens and life times"; RFC 9068; OpenID Connect Core, 2) and has them signed. */
final class TokenMint {
    private static final JOSEObjectType ACCESS_TOKEN = new JOSEObjectType(Claims.ACCESS_TOKEN_TYPE);
    private static final String AUD = "aud";
    /** 128 bits: nobody meets the same id twice. */
    private static final int JTI_BYTES = 16;

    private final TokenSigner signer;
    private final OAuthSettings settings;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    TokenMint(TokenSigner signer, OAuthSettings settings, InstantSource clock) {
        this.signer = signer;
        this.settings = settings;
        this.clock = clock;
    }

    /** Fails before a grant is spent if no token could be signed for it. */
    void requireReady() {
        signer.requireReady();
    }

    String newJti() {
        byte[] bytes = new byte[JTI_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** An access token that acts for a user; scopes of operators are left out of anybody else's. */
    OAuth2AccessToken accessToken(UserGrant grant, Set<String> scopes, String jti) {
        UserAccount user = grant.user();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put(Claims.SID, grant.sid().toString());
        claims.put(Claims.AUTH_TIME, grant.authTime().getEpochSecond());
        claims.put(Claims.AMR, grant.amr());
        claims.put(Claims.ACR, grant.acr());
        claims.put(Claims.ROLES, List.of(user.role().wireName()));
        Set<String> allowed = new TreeSet<>(scopes);
        if (user.role() != UserAccount.Role.OPERATOR) {
            allowed.removeAll(Scopes.OF_OPERATORS);
        }
        // By what was granted: a renewal that asks for less must not move the token elsewhere.
        return ownToken(
                user.id().toString(), grant.clientId(), allowed, settings.audienceOf(grant.scopes()), jti, claims);
    }

    /** An access token of a client for itself. */
    OAuth2AccessToken accessToken(String clientId, Set<String> scopes) {
        return ownToken(clientId, clientId, scopes, settings.audienceOf(scopes), newJti(), Map.of());
    }

    /**
     * A token for the operators' endpoints that says of the user what this one says (RFC 8693). It ends with it, and its
     * {@code iat} is that of the subject: what it says is as old, and a revocation of everything that was issued before a
     * time has to reach it even where nobody knew of that revocation at the exchange (ADR 21).
     *
     * @param subject verified, a user's
     * @param now a time before its end
     */
    OAuth2AccessToken operatorsToken(VerifiedToken subject, Set<String> scopes, Instant now) {
        Map<String, Object> claims = new LinkedHashMap<>();
        putIfPresent(claims, Claims.SID, subject.sid());
        putIfPresent(claims, Claims.ACR, subject.acr());
        if (subject.authTime() != null) {
            claims.put(Claims.AUTH_TIME, subject.authTime().getEpochSecond());
        }
        claims.put(Claims.AMR, subject.amr());
        claims.put(Claims.ROLES, subject.roles().stream().sorted().toList());
        Instant longest = now.plus(settings.accessTokenTtl());
        Instant expiresAt = subject.expiresAt().isBefore(longest) ? subject.expiresAt() : longest;
        Terms terms = new Terms(settings.opsAudience(), subject.issuedAt(), expiresAt, newJti());
        OAuth2AccessToken token = accessToken(subject.sub(), subject.clientId(), scopes, terms, claims);
        // For the answer: expires_in counts from now.
        return new OAuth2AccessToken(token.getTokenType(), token.getTokenValue(), now, expiresAt, scopes);
    }

    private static void putIfPresent(Map<String, Object> claims, String name, @Nullable Object value) {
        if (value != null) {
            claims.put(name, value);
        }
    }

    private OAuth2AccessToken ownToken(
            String subject,
            String clientId,
            Set<String> scopes,
            String audience,
            String jti,
            Map<String, Object> more) {
        Instant now = now();
        Terms terms = new Terms(audience, now, now.plus(settings.accessTokenTtl()), jti);
        return accessToken(subject, clientId, scopes, terms, more);
    }

    /** Where a token counts, from when to when, and its own name. */
    private record Terms(String audience, Instant issuedAt, Instant expiresAt, String jti) {}

    private OAuth2AccessToken accessToken(
            String subject, String clientId, Set<String> scopes, Terms terms, Map<String, Object> more) {
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", settings.issuer());
        claims.put("sub", subject);
        claims.put(AUD, terms.audience());
        claims.put(Claims.CLIENT_ID, clientId);
        claims.put(Claims.SCOPE, String.join(" ", new TreeSet<>(scopes)));
        claims.put("jti", terms.jti());
        claims.put("iat", terms.issuedAt().getEpochSecond());
        claims.put("exp", terms.expiresAt().getEpochSecond());
        claims.putAll(more);
        return new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER,
                signer.sign(ACCESS_TOKEN, claims),
                terms.issuedAt(),
                terms.expiresAt(),
                scopes);
    }

    /** An ID token for the client that the user signed in to; what it tells follows the scopes (OpenID Connect Core, 5.4). */
    String idToken(UserGrant grant, Set<String> scopes) {
        Instant now = now();
        UserAccount user = grant.user();
        Map<String, Object> claims = new LinkedHashMap<>();
        claims.put("iss", settings.issuer());
        claims.put("sub", user.id().toString());
        claims.put(AUD, grant.clientId());
        claims.put("iat", now.getEpochSecond());
        claims.put("exp", now.plus(Lifetimes.ID_TOKEN).getEpochSecond());
        claims.put(Claims.SID, grant.sid().toString());
        claims.put(Claims.AUTH_TIME, grant.authTime().getEpochSecond());
        claims.put(Claims.AMR, grant.amr());
        claims.put(Claims.ACR, grant.acr());
        if (grant.nonce() != null) {
            claims.put("nonce", grant.nonce());
        }
        if (scopes.contains(Scopes.PROFILE)) {
            claims.put("name", user.name());
        }
        if (scopes.contains(Scopes.EMAIL)) {
            claims.put("email", user.email());
        }
        return signer.sign(JOSEObjectType.JWT, claims);
    }

    /** JWT times are whole seconds; {@code expires_in} must agree with them. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }
}
