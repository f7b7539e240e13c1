package dev.firebreak.auth.sealing;

import static dev.firebreak.auth.sealing.TestKeyFile.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.firebreak.auth.sealing.KeyWrapper.Sealed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one node does as its key file changes under it. */
class KeyRotationTest {
    static final Instant START = Instant.parse("2026-11-27T09:00:00Z");
    static final byte[] SECRET = FileKeyWrapperTest.SECRET;
    static final KeyWrapper.Place PLACE = FileKeyWrapperTest.PLACE;

    @TempDir
    Path folder;

    List<List<String>> nodes = List.of();

    @Test
    void theFirstLineSealsAndTheOthersOpen() {
        TestKeyFile file = new TestKeyFile(folder, "a");
        Sealed old = load(file).wrap(SECRET, PLACE);

        file.holds("ba");
        FileKeyWrapper both = load(file);

        assertThat(both.keyIds()).containsExactly(id('b'), id('a'));
        assertThat(both.wrap(SECRET, PLACE).keyId()).isEqualTo(id('b'));
        assertThat(both.unwrap(old.keyId(), old.value(), PLACE)).isEqualTo(SECRET);
    }

    @Test
    void aChangedFileIsTakenOverWithoutARestart() {
        TestKeyFile file = new TestKeyFile(folder, "a");
        FileKeyWrapper wrapper = load(file);
        file.holds("ba");

        wrapper.reload(START);

        assertThat(wrapper.wrap(SECRET, PLACE).keyId()).isEqualTo(id('b'));
    }

    @Test
    void aWrongFileChangesNothingAndSaysWhatIsWrong() {
        TestKeyFile file = new TestKeyFile(folder, "a");
        FileKeyWrapper wrapper = load(file);

        for (String wrong : List.of(
                "",
                "# only a remark\n",
                TestKeyFile.line('a') + "\nhunter2!\n",
                TestKeyFile.line('a') + "\n" + TestKeyFile.line('a') + "\n",
                TestKeyFile.line('a') + "\nAAAA\n",
                "x".repeat(20_000))) {
            file.write(wrong);

            assertThatIllegalStateException()
                    .as(wrong.length() > 100 ? "long" : wrong)
                    .isThrownBy(() -> wrapper.reload(START))
                    .withMessageContaining("auth.wrapping-key-file")
                    .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
            assertThat(wrapper.isStale()).isTrue();
            assertThat(wrapper.keyIds()).containsExactly(id('a'));
        }

        file.holds("ba");
        wrapper.reload(START);
        assertThat(wrapper.isStale()).isFalse();
    }

    @Test
    void namesTheLineThatIsWrong() {
        TestKeyFile file = new TestKeyFile(folder, "a");

        file.write("# remark\n" + TestKeyFile.line('a') + "\nhunter2!\n");
        assertThatIllegalStateException().isThrownBy(() -> load(file)).withMessageContaining("line 3");
        file.holds("abcdefghi");
        assertThatIllegalStateException().isThrownBy(() -> load(file)).withMessageContaining("more than 8");
    }

    @Test
    void sealsUnderTheNewKeyOnlyWhenEveryNodeCanOpenIt() {
        TestKeyFile file = new TestKeyFile(folder, "ba");
        FileKeyWrapper wrapper = load(file);

        nodes = List.of(List.of(id('b'), id('a')), List.of(id('a')));
        assertThat(wrapper.wrap(SECRET, PLACE).keyId()).isEqualTo(id('a'));

        nodes = List.of(List.of(id('b'), id('a')), List.of(id('a'), id('b')));
        assertThat(wrapper.wrap(SECRET, PLACE).keyId()).isEqualTo(id('b'));

        nodes = List.of(List.of(id('b'), id('a')), List.of(id('c')));
        assertThat(wrapper.wrap(SECRET, PLACE).keyId())
                .as("without a key that all have the file decides")
                .isEqualTo(id('b'));
    }

    @Test
    void aKeyThatLeftTheFileTooEarlyStillOpensAndSealsWhereOthersNeedIt() {
        TestKeyFile file = new TestKeyFile(folder, "a");
        FileKeyWrapper wrapper = load(file);
        Sealed old = wrapper.wrap(SECRET, PLACE);
        file.holds("b");
        wrapper.reload(START);

        assertThat(wrapper.unwrap(old.keyId(), old.value(), PLACE)).isEqualTo(SECRET);
        nodes = List.of(wrapper.keyIds(), List.of(id('a')));
        assertThat(wrapper.wrap(SECRET, PLACE).keyId()).isEqualTo(id('a'));
    }

    @Test
    void whatIsDerivedOpensOverARotationUntilItsShortLifeIsOver() {
        TestKeyFile file = new TestKeyFile(folder, "a");
        FileKeyWrapper wrapper = load(file);
        DerivedKeys cookie = wrapper.derived("cookie/v1", 32);
        byte[] before = cookie.sealing();
        file.holds("ba");
        wrapper.reload(START);

        assertThat(cookie.sealing()).isNotEqualTo(before);
        assertThat(cookie.opening()).hasSize(2).startsWith(cookie.sealing()).endsWith(before);

        file.holds("b");
        wrapper.reload(START);
        wrapper.forget(START.plus(Duration.ofMinutes(10)).minusSeconds(1));
        assertThat(cookie.opening()).as("a cookie lives ten minutes").endsWith(before);

        wrapper.forget(START.plus(Duration.ofMinutes(10)));
        assertThat(cookie.opening()).hasSize(1).containsExactly(cookie.sealing());
        assertThat(wrapper.keyIds()).containsExactly(id('b'));
    }

    @Test
    void aKeyThatComesBackIntoTheFileIsKept() {
        TestKeyFile file = new TestKeyFile(folder, "ba");
        FileKeyWrapper wrapper = load(file);
        file.holds("b");
        wrapper.reload(START);
        file.holds("ba");
        wrapper.reload(START.plusSeconds(5));

        wrapper.forget(START.plus(Duration.ofDays(1)));

        assertThat(wrapper.keyIds()).containsExactly(id('b'), id('a'));
    }

    private FileKeyWrapper load(TestKeyFile file) {
        return FileKeyWrapper.load(file.file, () -> nodes);
    }
}
