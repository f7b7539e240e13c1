package dev.firebreak.auth.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.security.SecureRandom;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.Block;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;

class Argon2idTest {
    static final Argon2id.Cost CHEAP = new Argon2id.Cost(64, 2, 1);
    static final String PASSWORD = "correct horse – Käse 🔥";

    final Argon2id encoder = encoder(CHEAP);

    static Argon2id encoder(Argon2id.Cost cost) {
        BlockPool pool = new FixedBlockPool(cost.blocks());
        return new Argon2id(cost, () -> pool, new SecureRandom());
    }

    @Test
    void springReadsWhatWeWrite() {
        String encoded = encoder.encode(PASSWORD);

        assertThat(new Argon2PasswordEncoder(16, 32, 1, 64, 2).matches(PASSWORD, encoded))
                .isTrue();
        assertThat(new Argon2PasswordEncoder(16, 32, 1, 64, 2).matches("wrong", encoded))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void readsWhatSpringWrites(int lanes) {
        String encoded = new Argon2PasswordEncoder(16, 32, lanes, 128, 3).encode(PASSWORD);

        assertThat(encoder.matches(PASSWORD, encoded)).isTrue();
        assertThat(encoder.matches(PASSWORD + " ", encoded)).isFalse();
    }

    @Test
    void readsTheReferenceImplementationsString() {
        // From the test program of the reference implementation (P-H-C/phc-winner-argon2, test.c), m = 2^8.
        String encoded = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";

        assertThat(encoder.matches("password", encoded)).isTrue();
    }

    @Test
    void writesItsCostAndAFreshSaltIntoEachString() {
        String first = encoder.encode(PASSWORD);
        String second = encoder.encode(PASSWORD);

        assertThat(first).startsWith("$argon2id$v=19$m=64,t=2,p=1$").isNotEqualTo(second);
    }

    @Test
    void asksForAnUpgradeExactlyWhenTheCostChanged() {
        String encoded = encoder.encode(PASSWORD);

        assertThat(encoder.upgradeEncoding(encoded)).isFalse();
        assertThat(encoder(new Argon2id.Cost(128, 2, 1)).upgradeEncoding(encoded))
                .isTrue();
        assertThat(encoder(new Argon2id.Cost(64, 3, 1)).upgradeEncoding(encoded))
                .isTrue();
    }

    @Test
    void worksInTheBlocksOfItsPool() {
        CountingPool pool = new CountingPool(CHEAP.blocks());
        Argon2id pooled = new Argon2id(CHEAP, () -> pool, new SecureRandom());

        pooled.encode(PASSWORD);
        pooled.encode(PASSWORD);

        assertThat(pool.taken).isGreaterThanOrEqualTo(2 * CHEAP.memoryKib());
        assertThat(pool.taken).isEqualTo(pool.given);
    }

    @Test
    void nothingMatchesTheDecoy() {
        String decoy = encoder.decoy();

        assertThat(encoder.matches(PASSWORD, decoy)).isFalse();
        assertThat(encoder.upgradeEncoding(decoy)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$argon2i$v=19$m=64,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=16$m=64,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=64,t=999,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "$argon2id$v=19$m=64,t=2,p=0$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
                "{noop}password",
                "x"
            })
    void aDamagedRowIsAFaultAndNotAWrongPassword(String encoded) {
        assertThatIllegalStateException().isThrownBy(() -> encoder.matches("password", encoded));
    }

    /** Counts the blocks that go out and come back. */
    static final class CountingPool implements BlockPool {
        final FixedBlockPool pool;
        int taken;
        int given;

        CountingPool(int blocks) {
            pool = new FixedBlockPool(blocks);
        }

        @Override
        public Block allocate() {
            taken++;
            return pool.allocate();
        }

        @Override
        public void deallocate(Block block) {
            given++;
            pool.deallocate(block);
        }
    }
}
