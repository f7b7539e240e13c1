package dev.firebreak.trust;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.util.Base64URL;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.token.Claims;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes a compact JWS apart (RFC 7515, 7.1) and judges everything that needs no key: form, header, issuer, audience and
 * times. Stricter than the RFCs where a valid token of ours never differs, so that one token has exactly one spelling.
 */
final class TokenParser {
    /** Ours are about 700 characters; the limit is what common servers accept as one header. */
    static final int MAX_CHARS = 8 * 1024;

    private static final Set<String> TYPES =
            Set.of(Claims.ACCESS_TOKEN_TYPE, "application/" + Claims.ACCESS_TOKEN_TYPE);
    /** Ways to bring one's own key (RFC 7515, 4.1) or to demand rules that we do not know (4.1.11). */
    private static final List<String> BANNED_HEADERS = List.of("crit", "jwk", "jku", "x5u", "x5c");

    private final VerifierPolicy policy;

    TokenParser(VerifierPolicy policy) {
        this.policy = policy;
    }

    /** What came of parsing. */
    sealed interface Parsed {
        /** Everything but the key is in order. {@code claims} are not to be trusted before the signature is checked. */
        record Unverified(VerifiedToken claims, JWSAlgorithm algorithm, byte[] signingInput, Base64URL signature)
                implements Parsed {}

        /** Refused. */
        record Bad(AuthError reason) implements Parsed {}
    }

    Parsed parse(String token, Instant now) {
        int first = token.indexOf('.');
        int second = token.indexOf('.', first + 1);
        if (token.length() > MAX_CHARS || first < 1 || second < first + 2 || second == token.length() - 1) {
            return new Parsed.Bad(AuthError.TOKEN_MALFORMED);
        }
        Base64URL signature = new Base64URL(token.substring(second + 1));
        if (!isBase64Url(token, first, second) || !isCanonical(signature)) {
            return new Parsed.Bad(AuthError.TOKEN_MALFORMED);
        }
        Members header = object(token.substring(0, first));
        Members payload = header == null ? null : object(token.substring(first + 1, second));
        if (header == null || payload == null) {
            return new Parsed.Bad(AuthError.TOKEN_MALFORMED);
        }
        String kid = header.requireText("kid");
        String algorithm = header.requireText("alg");
        AuthError trouble = judgeHeader(header, algorithm);
        if (trouble == null) {
            trouble = judgeClaims(payload, now);
        }
        if (trouble != null) {
            return new Parsed.Bad(trouble);
        }
        VerifiedToken claims = claims(kid, payload);
        if (payload.broken()) {
            return new Parsed.Bad(AuthError.TOKEN_MALFORMED);
        }
        byte[] signingInput = token.substring(0, second).getBytes(StandardCharsets.US_ASCII);
        return new Parsed.Unverified(claims, JWSAlgorithm.parse(algorithm), signingInput, signature);
    }

    private @Nullable AuthError judgeHeader(Members header, String algorithm) {
        String type = header.requireText("typ");
        if (header.broken()) {
            return AuthError.TOKEN_MALFORMED;
        }
        boolean ours = TYPES.contains(type)
                && policy.algorithms().contains(JWSAlgorithm.parse(algorithm))
                && BANNED_HEADERS.stream().noneMatch(header::has);
        return ours ? null : AuthError.TOKEN_INVALID;
    }

    private @Nullable AuthError judgeClaims(Members payload, Instant now) {
        String issuer = payload.requireText("iss");
        List<String> audience = payload.textOrTexts("aud");
        Instant expiresAt = payload.requireTime("exp");
        Instant notBefore = payload.time("nbf");
        if (payload.broken()) {
            return AuthError.TOKEN_MALFORMED;
        }
        if (!issuer.equals(policy.issuer()) || !audience.contains(policy.audience())) {
            return AuthError.TOKEN_INVALID;
        }
        if (isExpired(expiresAt, now)) {
            return AuthError.TOKEN_EXPIRED;
        }
        boolean early = notBefore != null && now.plus(policy.skew()).isBefore(notBefore);
        return early ? AuthError.TOKEN_INVALID : null;
    }

    /** "On or after" {@code exp} (RFC 7519, 4.1.4), moved by the tolerated difference of clocks. */
    boolean isExpired(Instant expiresAt, Instant now) {
        return !now.isBefore(expiresAt.plus(policy.skew()));
    }

    private static VerifiedToken claims(String kid, Members payload) {
        String scope = payload.text(Claims.SCOPE);
        return new VerifiedToken(
                kid,
                payload.requireText("sub"),
                payload.requireText(Claims.CLIENT_ID),
                payload.text(Claims.SID),
                payload.requireText("jti"),
                payload.requireTime("iat"),
                payload.requireTime("exp"),
                scope == null ? Set.of() : Set.copyOf(List.of(scope.split(" "))),
                Set.copyOf(payload.texts(Claims.ROLES)),
                payload.time(Claims.AUTH_TIME),
                payload.text(Claims.ACR),
                payload.texts(Claims.AMR),
                payload.textIn(Claims.CNF, "jkt"));
    }

    private static @Nullable Members object(String segment) {
        try {
            return Members.parse(new Base64URL(segment).decodeToString());
        } catch (ParseException e) {
            // Not an error of ours, and its text holds parts of the token: the verdict says all there is to say.
            return null;
        }
    }

    private static boolean isBase64Url(String token, int first, int second) {
        for (int i = 0; i < token.length(); i++) {
            char c = token.charAt(i);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            boolean dot = i == first || i == second;
            if (!plain && c != '-' && c != '_' && !dot) {
                return false;
            }
        }
        return true;
    }

    /**
     * The unused bits of the last character must be zero: otherwise sixteen spellings of one signature would verify, and
     * each would take its own place in the cache.
     */
    private static boolean isCanonical(Base64URL signature) {
        return Base64URL.encode(signature.decode()).equals(signature);
    }
}
