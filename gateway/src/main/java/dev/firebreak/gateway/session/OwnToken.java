package dev.firebreak.gateway.session;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.contracts.token.Claims;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.trust.TrustSnapshot;
import dev.firebreak.trust.VerifiedToken;
import java.text.ParseException;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the claims of a session's own access token without verifying it: the seal vouches for it. Needed once the token
 * has expired, because the session may have been revoked meanwhile and that is a proof, while the expiry is none.
 */
public final class OwnToken {
    /** What ends a session when it is revoked; a revoked key or token id ends only the token. */
    private static final Set<Revocation.Kind> ENDING =
            EnumSet.of(Revocation.Kind.SID, Revocation.Kind.SUB, Revocation.Kind.CLIENT);

    private OwnToken() {}

    /** Whether a revocation of this kind ends the session, not just its token. */
    public static boolean endsSession(Revocation.@Nullable Kind kind) {
        return kind != null && ENDING.contains(kind);
    }

    /** Whether this snapshot proves that the session, its user or its client was revoked. */
    public static boolean isSessionRevoked(Session session, TrustSnapshot snapshot) {
        return claims(session)
                .flatMap(token -> snapshot.revocations().revokes(token))
                .filter(OwnToken::endsSession)
                .isPresent();
    }

    /** User's id, for the user's own eyes. */
    public static Optional<String> subject(Session session) {
        return claims(session).map(VerifiedToken::sub);
    }

    /** When the access token was issued. */
    public static Optional<Instant> issuedAt(Session session) {
        return claims(session).map(VerifiedToken::issuedAt);
    }

    /** When the access token expires. */
    public static Optional<Instant> expiry(Session session) {
        return claims(session).map(VerifiedToken::expiresAt);
    }

    private static Optional<VerifiedToken> claims(Session session) {
        try {
            JWTClaimsSet claims = SignedJWT.parse(session.accessToken()).getJWTClaimsSet();
            return Optional.of(new VerifiedToken(
                    // No kid: the key that signed an old token says nothing on the session.
                    "",
                    text(claims.getSubject()),
                    text(claims.getStringClaim(Claims.CLIENT_ID)),
                    session.sid(),
                    text(claims.getJWTID()),
                    claims.getIssueTime() == null
                            ? Instant.EPOCH
                            : claims.getIssueTime().toInstant(),
                    claims.getExpirationTime() == null
                            ? Instant.EPOCH
                            : claims.getExpirationTime().toInstant(),
                    Set.of(),
                    session.roles(),
                    null,
                    null,
                    List.of(),
                    null));
        } catch (ParseException e) {
            // Not a JWT of ours: then nothing that is revoked can name it, and a renewal brings a proper one.
            return Optional.empty();
        }
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value;
    }
}
