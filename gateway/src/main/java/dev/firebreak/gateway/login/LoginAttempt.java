package dev.firebreak.gateway.login;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * One sign-in under way in one browser. Its text form hides the secrets.
 *
 * @param state ties the answer to this browser (RFC 6749, 10.12); names the cookie too
 * @param nonce ties the ID token to this sign-in (OpenID Connect Core, 3.1.2.1)
 * @param verifier ties the code to this gateway (RFC 7636)
 * @param returnTo where to go afterwards
 */
record LoginAttempt(String state, String nonce, String verifier, String returnTo, Instant startedAt) {
    private static final int FORMAT = 1;
    private static final int STATE_BYTES = 16;
    private static final int VERIFIER_BYTES = 32;

    static LoginAttempt start(String returnTo, Instant now, SecureRandom random) {
        return new LoginAttempt(
                text(random, STATE_BYTES), text(random, STATE_BYTES), text(random, VERIFIER_BYTES), returnTo, now);
    }

    /** Whether {@code text} looks like a state of ours; anything else is not worth a look at the cookies. */
    static boolean isState(String text) {
        return text.matches("[A-Za-z0-9_-]{22}");
    }

    /** The code challenge, method S256. */
    String challenge() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeUTF(nonce);
            out.writeUTF(verifier);
            out.writeUTF(returnTo);
            out.writeLong(startedAt.getEpochSecond());
        } catch (IOException e) {
            throw new UncheckedIOException("A sign-in does not fit its format", e);
        }
        return bytes.toByteArray();
    }

    /** Empty if another version of the gateway wrote it: the sign-in is started again. */
    static Optional<LoginAttempt> decode(String state, byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return in.readByte() == FORMAT
                    ? Optional.of(new LoginAttempt(
                            state, in.readUTF(), in.readUTF(), in.readUTF(), Instant.ofEpochSecond(in.readLong())))
                    : Optional.empty();
        } catch (IOException e) {
            throw new IllegalStateException("An authenticated sign-in is not readable", e);
        }
    }

    private static String text(SecureRandom random, int size) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public String toString() {
        return "LoginAttempt[startedAt=" + startedAt + "]";
    }
}
