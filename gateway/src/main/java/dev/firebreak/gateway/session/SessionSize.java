package dev.firebreak.gateway.session;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.SignedJWT;
import java.text.ParseException;
import java.util.Map;
import java.util.TreeMap;

/** Says what made a session too large for its cookie. */
final class SessionSize {
    private SessionSize() {}

    /** The largest claim or field, with its length. */
    static String largestPart(Session session) {
        Map<String, Integer> parts = new TreeMap<>();
        parts.put("the refresh token", session.refreshToken().length());
        parts.put("the name", session.name().length());
        parts.put("the e-mail address", session.email().length());
        try {
            SignedJWT.parse(session.accessToken())
                    .getJWTClaimsSet()
                    .getClaims()
                    .forEach((claim, value) -> parts.put("the claim " + claim, lengthOf(value)));
        } catch (ParseException e) {
            parts.put(
                    "the access token, which is no JWT,", session.accessToken().length());
        }
        return parts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(part -> part.getKey() + " with " + part.getValue() + " characters")
                .orElseThrow();
    }

    private static int lengthOf(Object value) {
        return JSONObjectUtils.toJSONString(Map.of("v", value)).length() - "{\"v\":}".length();
    }
}
