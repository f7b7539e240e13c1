package dev.firebreak.auth.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** The hash of an entry: SHA-256 over the hash before it and every column, each preceded by its length. */
final class Chain {
    private Chain() {}

    /** What is hashed, and stored as it is. */
    record Line(
            long seq,
            Instant at,
            String actor,
            String action,
            String subject,
            String reason,
            @Nullable String before,
            @Nullable String after) {
        Line {
            // What the database cannot keep must not be in the hash.
            at = at.truncatedTo(ChronoUnit.MICROS);
        }
    }

    static byte[] hash(byte[] previous, Line line) {
        MessageDigest digest = sha256();
        digest.update(previous);
        digest.update(ByteBuffer.allocate(20)
                .putLong(line.seq())
                .putLong(line.at().getEpochSecond())
                .putInt(line.at().getNano())
                .array());
        for (String part : new @Nullable String[] {
            line.actor(), line.action(), line.subject(), line.reason(), line.before(), line.after()
        }) {
            // A missing state is not an empty one.
            byte[] bytes = part == null ? new byte[0] : part.getBytes(StandardCharsets.UTF_8);
            digest.update(ByteBuffer.allocate(4)
                    .putInt(part == null ? -1 : bytes.length)
                    .array());
            digest.update(bytes);
        }
        return digest.digest();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
