package dev.firebreak.auth.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a webhook's messages are signed with: {@code whsec_} and base64 of 24 to 64 random bytes (Standard Webhooks 1.0,
 * "Signature scheme"). Shows nothing of itself.
 */
final class WebhookSecret {
    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST = 24;
    private static final int MOST = 64;

    private final byte[] key;

    private WebhookSecret(byte[] key) {
        this.key = key;
    }

    /** Of a file's text; {@link IllegalArgumentException} says what is wrong and shows nothing of it. */
    static WebhookSecret of(String text) {
        byte[] key;
        try {
            key = text.startsWith(PREFIX) ? Base64.getDecoder().decode(text.substring(PREFIX.length())) : new byte[0];
        } catch (IllegalArgumentException notBase64) {
            // Without the cause: its message shows characters of the secret.
            key = new byte[0];
        }
        if (key.length < LEAST || key.length > MOST) {
            throw new IllegalArgumentException(
                    "must be whsec_ and base64 of %d to %d random bytes".formatted(LEAST, MOST));
        }
        return new WebhookSecret(key);
    }

    /** One signature, as the header holds it. */
    String sign(String id, Instant at, String body) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            byte[] signed = "%s.%d.%s".formatted(id, at.getEpochSecond(), body).getBytes(StandardCharsets.UTF_8);
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(signed));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("This JDK has no " + ALGORITHM, e);
        }
    }

    @Override
    public String toString() {
        return "WebhookSecret[***]";
    }
}
