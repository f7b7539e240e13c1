package dev.firebreak.auth.google;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads Google's ID tokens (OpenID Connect Core, 3.1.3.7): RS256 by a key that Google publishes, issued by Google for our
 * client, not over. The keys are kept for an hour and asked for again when one is missing, once in ten seconds at most.
 */
final class IdTokens {
    private static final Duration KEEP = Duration.ofHours(1);
    private static final Duration ASK_AGAIN = Duration.ofSeconds(10);
    private static final Duration SKEW = Duration.ofMinutes(1);
    /** As in the table's check. */
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]+@[^@\\s]+");

    private static final int MAX_CHARS = 254;

    private final BoundedHttp http;
    private final GoogleSettings settings;
    private final InstantSource clock;
    private volatile Keys keys = new Keys(new JWKSet(), Instant.EPOCH);

    IdTokens(BoundedHttp http, GoogleSettings settings, InstantSource clock) {
        this.http = http;
        this.settings = settings;
        this.clock = clock;
    }

    private record Keys(JWKSet set, Instant readAt) {}

    /**
     * Whose token it is.
     *
     * @throws IOException if the keys cannot be had
     * @throws SecurityException if it is not Google's word to us
     */
    Google.Account read(String idToken) throws IOException {
        try {
            JWSObject jwt = JWSObject.parse(idToken);
            if (!JWSAlgorithm.RS256.equals(jwt.getHeader().getAlgorithm())) {
                throw new SecurityException("wrong algorithm");
            }
            RSAKey key = key(jwt.getHeader().getKeyID());
            if (!jwt.verify(new RSASSAVerifier(key))) {
                throw new SecurityException("wrong signature");
            }
            Map<String, Object> claims = jwt.getPayload().toJSONObject();
            if (claims == null) {
                throw new SecurityException("no claims");
            }
            return account(claims);
        } catch (ParseException | JOSEException e) {
            throw new SecurityException("malformed", e);
        }
    }

    private Google.Account account(Map<String, Object> claims) {
        // Google may leave out the scheme, says its documentation.
        String bare = settings.issuer().substring(settings.issuer().indexOf("//") + 2);
        String issuer = text(claims, "iss");
        if (!issuer.equals(settings.issuer()) && !issuer.equals(bare)) {
            throw new SecurityException("wrong iss");
        }
        if (!settings.clientId().equals(claims.get("aud"))) {
            throw new SecurityException("wrong aud");
        }
        if (!(claims.get("exp") instanceof Number exp)
                || clock.instant().minus(SKEW).getEpochSecond() > exp.longValue()) {
            throw new SecurityException("expired");
        }
        String email = text(claims, "email");
        if (!EMAIL.matcher(email).matches()) {
            throw new SecurityException("no email");
        }
        return new Google.Account(text(claims, "sub"), email);
    }

    private static String text(Map<String, Object> claims, String name) {
        if (claims.get(name) instanceof String text && !text.isBlank() && text.length() <= MAX_CHARS) {
            return text;
        }
        throw new SecurityException("no " + name);
    }

    private RSAKey key(@Nullable String kid) throws IOException {
        Keys known = keys;
        Instant now = clock.instant();
        JWK key = known.set().getKeyByKeyId(kid);
        Instant askFrom = known.readAt().plus(key == null ? ASK_AGAIN : KEEP);
        if (!now.isBefore(askFrom)) {
            known = new Keys(fetch(), now);
            keys = known;
            key = known.set().getKeyByKeyId(kid);
        }
        if (key instanceof RSAKey rsa) {
            return rsa;
        }
        throw new SecurityException("unknown key");
    }

    private JWKSet fetch() throws IOException {
        HttpResponse<String> answer =
                http.send(HttpRequest.newBuilder(settings.jwksUri()).GET());
        if (answer.statusCode() != 200) {
            throw new IOException("Google's keys: status " + answer.statusCode());
        }
        try {
            return JWKSet.parse(answer.body());
        } catch (ParseException e) {
            throw new IOException("Google's keys are no JWKS", e);
        }
    }
}
