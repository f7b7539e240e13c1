package dev.firebreak.auth.sealing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.firebreak.auth.sealing.KeyWrapper.Place;
import dev.firebreak.auth.sealing.KeyWrapper.Sealed;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileKeyWrapperTest {
    static final byte[] SECRET = "a private key".getBytes(StandardCharsets.UTF_8);
    static final Place PLACE = new Place("signing_key", "sealed_private", "k1", "token-signing");

    @TempDir
    Path folder;

    @Test
    void opensWhatItSealedAlsoAfterARestart() throws Exception {
        Path file = file(new byte[32]);
        FileKeyWrapper before = FileKeyWrapper.load(file);
        Sealed sealed = before.wrap(SECRET, PLACE);

        FileKeyWrapper after = FileKeyWrapper.load(file);

        assertThat(after.keyIds()).isEqualTo(before.keyIds()).containsExactly(sealed.keyId());
        assertThat(after.unwrap(sealed.keyId(), sealed.value(), PLACE)).isEqualTo(SECRET);
    }

    @Test
    void sealsTheSameSecretDifferentlyEachTime() throws Exception {
        FileKeyWrapper wrapper = FileKeyWrapper.load(file(new byte[32]));

        byte[] first = wrapper.wrap(SECRET, PLACE).value();

        assertThat(wrapper.wrap(SECRET, PLACE).value()).isNotEqualTo(first);
        assertThat(new String(first, StandardCharsets.ISO_8859_1)).doesNotContain("private");
    }

    @Test
    void doesNotOpenWhatWasMovedToAnotherPlace() throws Exception {
        FileKeyWrapper wrapper = FileKeyWrapper.load(file(new byte[32]));
        Sealed sealed = wrapper.wrap(SECRET, PLACE);

        for (Place other : new Place[] {
            new Place("refresh_mac_key", "sealed_private", "k1", "token-signing"),
            new Place("signing_key", "sealed_secret", "k1", "token-signing"),
            new Place("signing_key", "sealed_private", "k2", "token-signing"),
            new Place("signing_key", "sealed_private", "k1", "refresh-token-mac")
        }) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> wrapper.unwrap(sealed.keyId(), sealed.value(), other))
                    .withMessageContaining("changed or moved");
        }
    }

    @Test
    void doesNotOpenWhatWasChanged() throws Exception {
        FileKeyWrapper wrapper = FileKeyWrapper.load(file(new byte[32]));
        Sealed sealed = wrapper.wrap(SECRET, PLACE);

        for (int at = 0; at < sealed.value().length; at++) {
            byte[] changed = sealed.value().clone();
            changed[at] ^= 1;
            assertThatIllegalStateException().isThrownBy(() -> wrapper.unwrap(sealed.keyId(), changed, PLACE));
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> wrapper.unwrap(sealed.keyId(), Arrays.copyOf(sealed.value(), 5), PLACE));
    }

    @Test
    void namesBothKeysWhenTheFileIsTheWrongOne() throws Exception {
        FileKeyWrapper first = FileKeyWrapper.load(file(new byte[32]));
        byte[] other = new byte[32];
        other[0] = 1;
        FileKeyWrapper second = FileKeyWrapper.load(file(other));
        Sealed sealed = first.wrap(SECRET, PLACE);

        assertThatIllegalStateException()
                .isThrownBy(() -> second.unwrap(sealed.keyId(), sealed.value(), PLACE))
                .withMessageContainingAll(sealed.keyId(), second.keyIds().getFirst(), "auth.wrapping-key-file");
    }

    @Test
    void derivesAKeyForEachUse() throws Exception {
        FileKeyWrapper wrapper = FileKeyWrapper.load(file(new byte[32]));

        assertThat(wrapper.derived("a/v1", 32).sealing())
                .hasSize(32)
                .isEqualTo(wrapper.derived("a/v1", 32).sealing());
        assertThat(wrapper.derived("b/v1", 32).sealing())
                .isNotEqualTo(wrapper.derived("a/v1", 32).sealing());
    }

    @Test
    void saysWhatIsWrongWithTheFileButNotWhatIsInIt() throws Exception {
        assertThatIllegalStateException()
                .isThrownBy(() -> FileKeyWrapper.load(folder.resolve("none")))
                .withMessageContaining("does not exist");
        assertThatIllegalStateException()
                .isThrownBy(() -> FileKeyWrapper.load(file(new byte[16])))
                .withMessageContaining("16 bytes");
        Path rubbish = Files.writeString(folder.resolve("rubbish"), "hunter2!");
        Files.setPosixFilePermissions(rubbish, PosixFilePermissions.fromString("rw-------"));
        assertThatIllegalStateException()
                .isThrownBy(() -> FileKeyWrapper.load(rubbish))
                .withMessageContaining("not base64")
                .withNoCause()
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
    }

    @Test
    void refusesAFileThatEverybodyMayRead() throws Exception {
        Path file = file(new byte[32]);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatIllegalStateException()
                .isThrownBy(() -> FileKeyWrapper.load(file))
                .withMessageContaining("chmod 600");
    }

    private Path file(byte[] key) throws Exception {
        return Files.writeString(
                Files.createTempFile(folder, "kek", ".key"), Base64.getEncoder().encodeToString(key) + "\n");
    }
}
