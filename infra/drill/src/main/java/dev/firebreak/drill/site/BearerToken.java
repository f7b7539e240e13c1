package dev.firebreak.drill.site;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An access token, of which a drill wants to know which key signed it. */
public record BearerToken(String value) {
    private static final Pattern KID = Pattern.compile("\"kid\"\\s*:\\s*\"([^\"]*)\"");

    /** Of the key that signed it. */
    public String kid() {
        Matcher kid = KID.matcher(header());
        if (!kid.find()) {
            throw new IllegalStateException("an access token without the id of its key");
        }
        return kid.group(1);
    }

    /**
     * The same claims as if signed by another key. Whoever does not know that key cannot tell this from a good token;
     * whoever does refuses the signature.
     */
    public BearerToken claimingKey(String kid) {
        String header = KID.matcher(header()).replaceFirst(Matcher.quoteReplacement("\"kid\":\"" + kid + "\""));
        return new BearerToken(
                Base64.getUrlEncoder().withoutPadding().encodeToString(header.getBytes(StandardCharsets.UTF_8))
                        + value.substring(value.indexOf('.')));
    }

    private String header() {
        return new String(
                Base64.getUrlDecoder().decode(value.substring(0, value.indexOf('.'))), StandardCharsets.UTF_8);
    }

    /** Never the token. */
    @Override
    public String toString() {
        return "token of key " + kid();
    }
}
