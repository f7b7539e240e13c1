package dev.firebreak.stack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.layout.StackFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes: a shell that stands in for a part. */
class PartProcessIT {
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** Ends at SIGTERM, and starts a child as PostgreSQL does. */
    private static final String POLITE = "sleep 600 & trap 'kill $!; exit 0' TERM; wait";

    /** Hears no SIGTERM. */
    private static final String DEAF = "trap '' TERM; while :; do sleep 0.1; done";

    @TempDir
    Path temp;

    StackFolder folder;
    PartProcess process;

    @BeforeEach
    void make() {
        folder = new StackFolder(temp);
        folder.create();
        process = of(folder);
    }

    @AfterEach
    void end() {
        process.kill();
    }

    @Test
    void isFoundByAnotherLauncher() {
        start(POLITE);

        assertThat(of(folder).find()).isPresent().isEqualTo(process.find());
        assertThat(of(folder).recordedPort()).hasValue(4711);
    }

    @Test
    void isFoundByItsArgumentWhenTheRunFileIsLost() throws IOException {
        start(POLITE);
        ProcessIdentity identity = process.find().orElseThrow();
        Files.delete(folder.run(Part.GATEWAY));

        assertThat(of(folder).find()).hasValue(identity);

        of(folder).stop(GRACE);
        assertThat(identity.isAlive()).isFalse();
    }

    @Test
    void neverTouchesAStrangerThatGotItsPid() throws Exception {
        Process stranger = new ProcessBuilder("sleep", "600").start();
        try {
            ProcessIdentity now = ProcessIdentity.find(stranger.pid()).orElseThrow();
            ProcessIdentity earlier =
                    new ProcessIdentity(now.pid(), now.startedAt(), now.startTicks() - 1, now.bootId());
            new RunFile(earlier, 4711).write(folder.run(Part.GATEWAY));

            assertThat(process.find()).isEmpty();
            process.stop(GRACE);
            process.kill();

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void neverTouchesAStrangerThatOnlyLooksAtItsFile() throws Exception {
        Files.createFile(Path.of(marker(folder)));
        Process stranger = new ProcessBuilder("tail", "-f", marker(folder)).start();
        try {
            assertThat(process.find()).isEmpty();
            process.stop(GRACE);
            process.kill();

            assertThat(stranger.isAlive()).isTrue();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void doesNotMistakeAProcessOfAnEarlierBootForItself() throws Exception {
        ProcessIdentity now =
                ProcessIdentity.find(ProcessHandle.current().pid()).orElseThrow();

        assertThat(now.isAlive()).isTrue();
        assertThat(new ProcessIdentity(now.pid(), now.startedAt(), now.startTicks(), "another boot").isAlive())
                .isFalse();
    }

    @Test
    void countsAZombieAsEnded() throws Exception {
        // The shell never reaps the child that it starts and outlives.
        Process parent = new ProcessBuilder("sh", "-c", "sleep 0.01 & echo $!; exec sleep 600").start();
        try {
            long child = Long.parseLong(parent.inputReader().readLine());

            assertThat(Wait.until(
                            GRACE,
                            Duration.ofMillis(10),
                            () -> ProcStat.read(child)
                                    .filter(stat -> stat.state() == 'Z')
                                    .isPresent()))
                    .isTrue();
            assertThat(ProcessIdentity.find(child)).isEmpty();
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void stopsWithEverythingItStarted() {
        start(POLITE);
        List<ProcessIdentity> tree = treeOfTwo();

        process.stop(GRACE);

        assertThat(tree).noneMatch(ProcessIdentity::isAlive);
        assertThat(folder.run(Part.GATEWAY)).doesNotExist();
    }

    @Test
    void killsWhatDoesNotHearUsAfterItsGrace() {
        start(DEAF);
        ProcessIdentity identity = process.find().orElseThrow();

        process.stop(Duration.ofMillis(300));

        assertThat(identity.isAlive()).isFalse();
    }

    @Test
    void stopsWhatIsSuspended() {
        start(POLITE);
        List<ProcessIdentity> tree = treeOfTwo();
        process.suspend();
        assertThat(tree).allMatch(ProcessIdentity::isSuspended);

        process.stop(GRACE);

        assertThat(tree).noneMatch(ProcessIdentity::isAlive);
    }

    @Test
    void resumesWhatItSuspended() {
        start(POLITE);
        List<ProcessIdentity> tree = treeOfTwo();
        process.suspend();

        process.resume();

        assertThat(Wait.until(
                        GRACE, Duration.ofMillis(10), () -> tree.stream().noneMatch(ProcessIdentity::isSuspended)))
                .isTrue();
    }

    @Test
    void refusesToStartTwice() {
        start(POLITE);

        assertThatExceptionOfType(StackException.class)
                .isThrownBy(() -> start(POLITE))
                .withMessageContaining("already runs as pid");
    }

    @Test
    void livesInASessionOfItsOwn() throws IOException {
        start(POLITE);
        long pid = process.find().orElseThrow().pid();

        // Field 6 is the session (proc_pid_stat(5)); its leader is the process itself.
        String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
        assertThat(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3]).isEqualTo(Long.toString(pid));
    }

    @Test
    void seesNoSecretOfOurEnvironment() throws IOException {
        start("echo \"[$(env | cut -d= -f1 | sort | tr '\\n' ' ')]\"; " + POLITE);

        assertThat(Wait.until(GRACE, Duration.ofMillis(10), () -> read().contains("]")))
                .isTrue();
        assertThat(read()).doesNotContain("JAVA_HOME").doesNotContain("MAVEN").contains("PATH");
    }

    @Test
    void tellsWhyItEnded() {
        start("echo started; echo 'ERROR no such thing'; echo '\tat some.Frame(Some.java:1)'; exit 3");
        assertThat(Wait.until(GRACE, Duration.ofMillis(10), () -> process.find().isEmpty()))
                .isTrue();

        assertThatExceptionOfType(StackException.class)
                .isThrownBy(process::requireAlive)
                .withMessageContaining("gateway-1 ended with exit status 3")
                .satisfies(e -> {
                    assertThat(e.excerpt()).containsExactly("ERROR no such thing");
                    assertThat(e.log()).hasValue(folder.log(Part.GATEWAY));
                });
    }

    @Test
    void isSafeToStopWhenNothingRuns() {
        process.stop(GRACE);
        process.kill();

        assertThat(process.find()).isEmpty();
    }

    @Test
    void ignoresADamagedRunFile() throws IOException {
        Files.writeString(folder.run(Part.GATEWAY), "{\"pid\":");

        assertThat(process.find()).isEmpty();
        assertThat(process.recordedPort()).isEmpty();
    }

    @Test
    void remembersWhenItStarted() {
        Instant before = Instant.now().minusSeconds(2);
        start(POLITE);

        assertThat(RunFile.read(folder.run(Part.GATEWAY))
                        .orElseThrow()
                        .identity()
                        .startedAt())
                .isBetween(before, Instant.now().plusSeconds(2));
    }

    private void start(String script) {
        process.start(List.of("sh", "-c", script, marker(folder)), Map.of());
    }

    private List<ProcessIdentity> treeOfTwo() {
        ProcessIdentity root = process.find().orElseThrow();
        assertThat(Wait.until(
                        GRACE, Duration.ofMillis(10), () -> Processes.tree(root).size() == 2))
                .isTrue();
        return Processes.tree(root);
    }

    private String read() {
        try {
            return Files.readString(folder.log(Part.GATEWAY));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static PartProcess of(StackFolder folder) {
        return new PartProcess(Part.GATEWAY, folder, 4711, new ProcessMark("sh", marker(folder)), Signal.TERM);
    }

    private static String marker(StackFolder folder) {
        return folder.config(Part.GATEWAY).toString();
    }
}
