package dev.firebreak.auth.user;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.password.AbstractValidatingPasswordEncoder;

/**
 * Argon2id (RFC 9106) in PHC string format, interchangeable with Spring's encoder. Unlike that one it works in the
 * blocks of a pool that the caller hands in: the cost of Argon2 in Java is the 19 MiB of garbage a hash, not the
 * arithmetic. Thread-safe if the supplier answers with one pool per thread; bounding how many hash at once is the
 * caller's business ({@link PasswordHasher}).
 */
final class Argon2id extends AbstractValidatingPasswordEncoder {
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    // Bounds on what a stored string may ask of us, far above any sensible setting: a damaged row must not take
    // the heap or a minute of CPU.
    private static final int MAX_MEMORY_KIB = 256 * 1024;
    private static final int MAX_ITERATIONS = 32;
    private static final int MAX_LANES = 16;
    private static final int MAX_HASH_BYTES = 64;

    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,3})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

    private final Cost cost;
    private final Supplier<BlockPool> pools;
    private final SecureRandom random;

    /** What one hash costs: memory in KiB, passes, lanes. */
    record Cost(int memoryKib, int iterations, int lanes) {
        Cost {
            if (memoryKib < 8 * lanes || memoryKib > MAX_MEMORY_KIB || iterations < 1 || iterations > MAX_ITERATIONS) {
                throw new IllegalArgumentException("Argon2 cost out of bounds");
            }
            if (lanes < 1 || lanes > MAX_LANES) {
                throw new IllegalArgumentException("Argon2 lanes out of bounds");
            }
        }

        /** Blocks of 1 KiB that one computation takes from its pool. */
        int blocks() {
            return Argon2BytesGenerator.getBlockCount(memoryKib, lanes);
        }
    }

    private record Phc(Cost cost, byte[] salt, byte[] hash) {
        /** Reads the string; null if it is not Argon2id v1.3 within our bounds. */
        static @Nullable Phc parse(String encoded) {
            Matcher m = PHC.matcher(encoded);
            if (!m.matches()) {
                return null;
            }
            try {
                Cost cost = new Cost(
                        Integer.parseInt(m.group(1)), Integer.parseInt(m.group(2)), Integer.parseInt(m.group(3)));
                byte[] salt = Base64.getDecoder().decode(m.group(4));
                byte[] hash = Base64.getDecoder().decode(m.group(5));
                return hash.length > MAX_HASH_BYTES ? null : new Phc(cost, salt, hash);
            } catch (IllegalArgumentException outOfBounds) {
                return null;
            }
        }
    }

    Argon2id(Cost cost, Supplier<BlockPool> pools, SecureRandom random) {
        this.cost = cost;
        this.pools = pools;
        this.random = random;
    }

    @Override
    protected String encodeNonNullPassword(String password) {
        byte[] salt = randomBytes(SALT_BYTES);
        return format(salt, hash(password, cost, salt, HASH_BYTES));
    }

    /** A string that no password matches and that costs as much to check as a real one; computes nothing. */
    String decoy() {
        return format(randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
    }

    private byte[] randomBytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private String format(byte[] salt, byte[] hash) {
        Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + cost.memoryKib() + ",t=" + cost.iterations() + ",p=" + cost.lanes() + "$"
                + base64.encodeToString(salt) + "$" + base64.encodeToString(hash);
    }

    /** A string that is no hash of ours is a fault of the stored row, not a wrong password: it throws. */
    @Override
    protected boolean matchesNonNull(String password, String encoded) {
        Phc phc = require(encoded);
        return MessageDigest.isEqual(phc.hash(), hash(password, phc.cost(), phc.salt(), phc.hash().length));
    }

    /** True if the string was made at another cost than ours. */
    @Override
    protected boolean upgradeEncodingNonNull(String encoded) {
        return !require(encoded).cost().equals(cost);
    }

    private static Phc require(String encoded) {
        Phc phc = Phc.parse(encoded);
        if (phc == null) {
            throw new IllegalStateException("Stored password hash is not Argon2id in PHC format");
        }
        return phc;
    }

    private byte[] hash(String password, Cost cost, byte[] salt, int length) {
        byte[] secret = password.getBytes(StandardCharsets.UTF_8);
        try {
            Argon2BytesGenerator generator = new Argon2BytesGenerator();
            generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                    .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                    .withMemoryAsKB(cost.memoryKib())
                    .withIterations(cost.iterations())
                    .withParallelism(cost.lanes())
                    .withSalt(salt)
                    .withBlockPool(pools.get())
                    .build());
            byte[] hash = new byte[length];
            generator.generateBytes(secret, hash);
            return hash;
        } finally {
            Arrays.fill(secret, (byte) 0);
        }
    }
}
