package dev.firebreak.trust;

import static dev.firebreak.trust.TrustAnswers.full;
import static dev.firebreak.trust.TrustAnswers.key;
import static dev.firebreak.trust.TrustAnswers.session;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copy on disk: private, whole or ignored, and never older than it may be. */
class TrustStateTest {
    private static final Instant NOW = Instant.parse("2026-11-02T08:00:00Z");
    private static final Duration HARD_CAP = Duration.ofMinutes(60);

    @TempDir
    private Path temp;

    private Path folder;
    private Path file;
    private TrustState state;
    private HeldTrust trust;

    @BeforeEach
    void prepare() {
        folder = temp.resolve("a/b/state");
        file = folder.resolve("trust.state");
        state = new TrustState(folder, HARD_CAP);
        trust = ((HeldTrust.Outcome.Taken)
                        HeldTrust.merge(null, full(NOW, 3, List.of(key("k1"), key("k2")), 7, session("a", NOW)), NOW))
                .trust();
    }

    @Test
    void readsWhatItWrote() throws IOException {
        state.save(trust, NOW);

        assertThat(state.load(NOW.plusSeconds(1)))
                .hasValueSatisfying(copy -> assertThat(copy.asAnswer()).isEqualTo(trust.asAnswer()));
    }

    @Test
    void findsNothingWhereNothingWasWritten() {
        assertThat(state.load(NOW)).isEmpty();
    }

    @Test
    void isReadableByItsOwnerOnly() throws IOException {
        state.save(trust, NOW);

        assertThat(permissions(folder)).isEqualTo("rwx------");
        assertThat(permissions(file)).isEqualTo("rw-------");
    }

    @Test
    void closesAFolderThatOthersCouldWriteTo() throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        state.load(NOW);

        assertThat(permissions(folder)).isEqualTo("rwx------");
    }

    @Test
    void replacesTheCopyAndLeavesNoDraft() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("trust.state.draft"), "left by a crash");
        state.save(trust, NOW);
        state.save(trust, NOW.plusSeconds(1));

        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
        assertThat(state.load(NOW)).isPresent();
    }

    @Test
    void ignoresACopyPastTheHardCap() throws IOException {
        state.save(trust, NOW);

        assertThat(state.load(NOW.plus(HARD_CAP))).isPresent();
        assertThat(state.load(NOW.plus(HARD_CAP).plusMillis(1))).isEmpty();
    }

    @Test
    void theAgeIsThatOfTheDataNotOfTheFile() throws IOException {
        state.save(trust, NOW.plus(HARD_CAP));

        assertThat(state.load(NOW.plus(HARD_CAP).plusSeconds(1))).isEmpty();
    }

    @Test
    void ignoresACopyFromTheFuture() throws IOException {
        state.save(trust, NOW);

        assertThat(state.load(NOW.minusSeconds(30))).isPresent();
        assertThat(state.load(NOW.minusSeconds(31))).isEmpty();
    }

    /** Every single byte counts: the hash covers the data, the first line is compared as a whole. */
    @Test
    void ignoresACopyWithAnyChangedByte() throws IOException {
        state.save(trust, NOW);
        byte[] good = Files.readAllBytes(file);
        int timeBegins = new String(good, StandardCharsets.UTF_8).indexOf(' ') + 1;
        int timeEnds = new String(good, StandardCharsets.UTF_8).indexOf(' ', timeBegins);

        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            Files.write(file, bad);
            if (at < timeBegins || at >= timeEnds) {
                assertThat(state.load(NOW)).as("byte %d", at).isEmpty();
            }
        }
        Files.write(file, good);
        assertThat(state.load(NOW)).isPresent();
    }

    @Test
    void ignoresATornCopy() throws IOException {
        state.save(trust, NOW);
        byte[] good = Files.readAllBytes(file);

        for (int length : List.of(0, 1, 20, 100, good.length / 2, good.length - 1)) {
            Files.write(file, Arrays.copyOf(good, length));
            assertThat(state.load(NOW)).as("%d bytes", length).isEmpty();
        }
    }

    @Test
    void ignoresAFileThatIsNotText() throws IOException {
        Files.createDirectories(folder);
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1, 2});

        assertThat(state.load(NOW)).isEmpty();
    }

    @Test
    void ignoresAFolderInPlaceOfTheFile() throws IOException {
        Files.createDirectories(file);

        assertThat(state.load(NOW)).isEmpty();
    }

    private static String permissions(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
