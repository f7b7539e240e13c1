package dev.firebreak.auth.sealing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SealTest {
    static final String PURPOSE = "firebreak-signin http://localhost:8080";
    static final byte[] ROOT = new byte[32];

    final Seal seal = new Seal(ROOT, PURPOSE);

    @Test
    void opensWhatItSealed() {
        assertThat(seal.open(seal.seal("text – Ü"))).contains("text – Ü");
    }

    @Test
    void anotherNodeWithTheSameKeyOpensIt() {
        assertThat(new Seal(ROOT, PURPOSE).open(seal.seal("text"))).contains("text");
    }

    @Test
    void noCharacterCanBeChanged() {
        String sealed = seal.seal("text");
        // The last character of Base64 holds unused bits: those may change without changing a byte.
        for (int i = 0; i < sealed.length() - 1; i++) {
            char other = sealed.charAt(i) == 'A' ? 'B' : 'A';
            String changed = sealed.substring(0, i) + other + sealed.substring(i + 1);

            assertThat(seal.open(changed)).as("character %d", i).isEmpty();
        }
    }

    @Test
    void rubbishAndStumpsDoNotOpen() {
        String sealed = seal.seal("text");
        for (int length = 0; length < sealed.length(); length++) {
            assertThat(seal.open(sealed.substring(0, length))).isEmpty();
        }
        assertThat(seal.open("v1.***")).isEmpty();
        assertThat(seal.open("v1." + "A".repeat(5000))).isEmpty();
    }

    @Test
    void anotherOriginAnotherNameOrAnotherKeyDoesNotOpenIt() {
        String sealed = seal.seal("text");
        byte[] otherRoot = Arrays.copyOf(ROOT, 32);
        otherRoot[31] = 1;

        assertThat(new Seal(ROOT, "firebreak-signin https://other.example").open(sealed))
                .isEmpty();
        assertThat(new Seal(ROOT, "firebreak-sso http://localhost:8080").open(sealed))
                .isEmpty();
        assertThat(new Seal(otherRoot, PURPOSE).open(sealed)).isEmpty();
    }

    @Test
    void neverSealsTheSameWayTwice() {
        Set<String> seals = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            seals.add(seal.seal("text"));
        }

        assertThat(seals).hasSize(100);
    }

    @Test
    void aRotationOfTheRootChangesWhatSealsAndNotWhatOpens() {
        byte[] newRoot = Arrays.copyOf(ROOT, 32);
        newRoot[0] = 1;
        String before = seal.seal("text");

        Seal after = new Seal(() -> newRoot, () -> List.of(newRoot, ROOT), PURPOSE);

        assertThat(after.open(before)).contains("text");
        assertThat(seal.open(after.seal("text"))).isEmpty();
        assertThat(new Seal(newRoot, PURPOSE).open(after.seal("text"))).contains("text");
        assertThat(new Seal(newRoot, PURPOSE).open(before)).isEmpty();
    }
}
