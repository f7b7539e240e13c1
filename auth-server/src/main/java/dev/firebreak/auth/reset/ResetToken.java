package dev.firebreak.auth.reset;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a set-up link holds: 256 random bits. The server keeps only their SHA-256. */
public final class ResetToken {
    private static final int BYTES = 32;
    private static final Pattern SHAPE = Pattern.compile("[A-Za-z0-9_-]{43}");

    private final String text;

    private ResetToken(String text) {
        this.text = text;
    }

    static ResetToken random(SecureRandom random) {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return new ResetToken(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Reads a link's value; absent if it cannot be one of ours, so that rubbish never reaches the database. */
    public static Optional<ResetToken> parse(String text) {
        return SHAPE.matcher(text).matches() ? Optional.of(new ResetToken(text)) : Optional.empty();
    }

    /** What the database stores. A plain hash is enough for 256 random bits. */
    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(Base64.getUrlDecoder().decode(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    /** The link's value. */
    public String text() {
        return text;
    }

    @Override
    public String toString() {
        return "ResetToken[***]";
    }
}
