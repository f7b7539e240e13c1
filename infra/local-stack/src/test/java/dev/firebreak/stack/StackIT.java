package dev.firebreak.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.stack.PartStatus.State;
import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.process.PortHolder;
import dev.firebreak.stack.process.Processes;
import dev.firebreak.stack.process.Signal;
import dev.firebreak.stack.process.StepOutput;
import dev.firebreak.stack.process.Wait;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole stack with real databases and stand-ins for the services. */
class StackIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    /** Another JVM and a database come first. */
    private static final Duration STARTED = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(50);

    @TempDir
    Path temp;

    Path project;
    Ports ports;
    Stack stack;

    @BeforeEach
    void make() throws IOException {
        project = FakeProject.create(temp.resolve("a project"));
        ports = Ports.free(new Random());
        stack = Stack.of(options().build());
    }

    @AfterEach
    void down() {
        stack.down();
    }

    @Test
    void bootstrapSaysItsLinkToWhoeverAskedAndToNoLog() throws IOException {
        stack.up();

        StepOutput made = stack.bootstrapOperator("olga@example.org");
        StepOutput refused = stack.bootstrapOperator("taken");

        assertThat(made.status()).isZero();
        assertThat(made.lines()).containsExactlyInAnyOrder("link for --email=olga@example.org", "with its role");
        assertThat(made.toString()).doesNotContain("olga");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(stack.status(Part.AUTH_SERVER).state()).isEqualTo(State.READY);
        try (Stream<Path> logs = Files.walk(stack.folder().root())) {
            for (Path log :
                    logs.filter(file -> file.toString().endsWith(".log")).toList()) {
                assertThat(Files.readString(log)).doesNotContain("olga");
            }
        }
    }

    @Test
    void startsAndStopsEverythingAndKeepsTheData() throws SQLException {
        stack.up();
        assertThat(stack.status()).extracting(PartStatus::state).containsOnly(State.READY);
        assertThat(Stack.of(options().build()).status())
                .as("another launcher sees the same")
                .extracting(PartStatus::pid)
                .isEqualTo(stack.status().stream().map(PartStatus::pid).toList());
        execute("CREATE TABLE kept (n int)");
        execute("INSERT INTO kept VALUES (1)");

        stack.down();

        assertThat(stack.runs()).isFalse();
        assertThat(allPorts()).allMatch(PortHolder::isFree);

        stack.up();
        assertThat(count("kept")).isEqualTo(1);
    }

    @Test
    void movesSinglePartsAsADrillWould() {
        stack.up();

        stack.suspend(Part.GATEWAY);
        assertThat(stack.status(Part.GATEWAY).state()).isEqualTo(State.SUSPENDED);
        stack.resume(Part.GATEWAY);
        stack.awaitReady(Part.GATEWAY, SOON);

        stack.kill(Part.AUTH_SERVER);
        assertThat(stack.status(Part.AUTH_SERVER).state()).isEqualTo(State.STOPPED);
        stack.start(Part.AUTH_SERVER);
        stack.awaitReady(Part.AUTH_SERVER, SOON);

        stack.suspend(Part.TASKS_DB);
        stack.awaitNotReady(Part.TASKS_DB, SOON);
        stack.kill(Part.TASKS_DB);
        stack.start(Part.TASKS_DB);
        assertThat(stack.status()).extracting(PartStatus::state).containsOnly(State.READY);
    }

    @Test
    void showsWhyAPartFailedAndStopsTheRest() {
        stack = Stack.of(options().jvm(Part.GATEWAY, "-Dfake.fail=no-such-ring").build());

        assertThatExceptionOfType(StackException.class)
                .isThrownBy(stack::up)
                .withMessage("gateway-1 ended with exit status 3 while it started")
                .satisfies(e -> {
                    assertThat(e.excerpt()).singleElement().asString().contains("no-such-ring");
                    assertThat(e.log()).hasValue(stack.folder().log(Part.GATEWAY));
                    assertThat(e.advice()).contains("./firebreak up");
                });
        assertThat(stack.runs()).isFalse();
    }

    @Test
    void givesUpOnAPartThatNeverBecomesReady() {
        stack = Stack.of(options()
                .startDeadline(Duration.ofSeconds(8))
                .jvm(Part.TASK_SERVICE, "-Dfake.down=true")
                .build());

        assertThatExceptionOfType(StackException.class)
                .isThrownBy(stack::up)
                .withMessageContaining("task-service-1 is not ready after 8 s: it says down [trust.unread]");
        assertThat(stack.runs()).isFalse();
    }

    @Test
    void namesWhoHoldsAPort() throws IOException {
        try (ServerSocket taken = new ServerSocket(ports.authInternal(), 1, InetAddress.getByName("127.0.0.1"))) {
            assertThatExceptionOfType(StackException.class)
                    .isThrownBy(stack::up)
                    .withMessageContaining(
                            "port " + taken.getLocalPort() + " of auth-server-1 (internal) is held by pid "
                                    + ProcessHandle.current().pid());
        }
    }

    @Test
    void writesNothingToAFullDisk() {
        stack = Stack.of(options().build(), folder -> Preflight.LEAST_DISK - 1);

        assertThatExceptionOfType(StackException.class)
                .isThrownBy(stack::up)
                .withMessageContaining(
                        "only 1499 MB are free for " + stack.folder().root())
                .withMessageContaining("needs 1500 MB")
                .satisfies(e -> assertThat(e.advice()).contains("free some space"));
        assertThat(stack.folder().root()).doesNotExist();
    }

    @Test
    void wipesBeforeItAsksHowFullTheDiskIs() throws IOException {
        stack.folder().create();
        Path filler = Files.createFile(stack.folder().data(Part.AUTH_DB));
        stack = Stack.of(options().fresh(true).build(), folder -> Files.exists(filler) ? 0 : Preflight.LEAST_DISK - 1);

        assertThatExceptionOfType(StackException.class)
                .isThrownBy(stack::up)
                .withMessageContaining("only 1499 MB are free");
        assertThat(stack.folder().launcher()).doesNotExist();
    }

    @Test
    void letsOnlyOneLauncherWorkInAFolder() {
        stack.folder().create();
        try (StackLock _ = StackLock.take(stack.folder(), Duration.ofSeconds(1))) {
            assertThatExceptionOfType(StackException.class)
                    .isThrownBy(stack::up)
                    .withMessageContaining("another ./firebreak is starting or stopping");
        }
    }

    @Test
    void startsAnewOverLeftovers() {
        stack.up();
        Set<Long> before = pids();
        stack.kill(Part.AUTH_DB);

        Stack next = Stack.of(options().build());
        next.up();

        assertThat(next.status()).extracting(PartStatus::state).containsOnly(State.READY);
        assertThat(pids()).doesNotContainAnyElementsOf(before);
    }

    @Test
    void wipesOnlyWhatDoesNotRun() throws SQLException, IOException {
        stack.up();
        execute("CREATE TABLE gone (n int)");
        Stack fresh = Stack.of(options().fresh(true).build());
        assertThatExceptionOfType(StackException.class)
                .isThrownBy(fresh::up)
                .withMessageContaining("--fresh would wipe the data of a stack that runs");
        assertThat(stack.status()).extracting(PartStatus::state).containsOnly(State.READY);
        String key = Files.readString(stack.folder().wrappingKey());
        stack.down();

        fresh.up();

        assertThat(Files.readString(stack.folder().wrappingKey())).isNotEqualTo(key);
        assertThatExceptionOfType(SQLException.class).isThrownBy(() -> count("gone"));
    }

    @Test
    void endsWithItsLauncher() throws Exception {
        Process launcher = launch();

        launcher.destroy();

        assertThat(Wait.until(SOON, POLL, () -> !launcher.isAlive())).isTrue();
        assertThat(stack.runs()).isFalse();
        assertThat(stack.folder().launcher()).doesNotExist();
    }

    @Test
    void endsWithALauncherThatIsStoppedWhileItStarts() throws Exception {
        Process launcher = startLauncher();
        assertThat(Wait.until(STARTED, POLL, () -> stack.runs(Part.AUTH_DB))).isTrue();

        launcher.destroy();

        assertThat(Wait.until(SOON, POLL, () -> !launcher.isAlive())).isTrue();
        assertThat(stack.runs()).isFalse();
    }

    @Test
    void outlivesAKilledLauncherAndIsStoppedByTheNextCommand() throws Exception {
        Process launcher = launch();

        launcher.destroyForcibly().waitFor();
        assertThat(stack.status()).extracting(PartStatus::state).containsOnly(State.READY);

        stack.down();
        assertThat(stack.runs()).isFalse();
    }

    @Test
    void takesTheStackOverFromALauncherInTheForeground() throws Exception {
        Process launcher = launch();
        Set<Long> before = pids();

        stack.up();

        assertThat(launcher.isAlive()).as("it could stop ours later").isFalse();
        assertThat(stack.status()).extracting(PartStatus::state).containsOnly(State.READY);
        assertThat(pids()).doesNotContainAnyElementsOf(before);
        assertThat(stack.folder().launcher()).exists();
    }

    @Test
    void leavesTheStackToWhoeverHasTheLockWhenItsLauncherEnds() throws Exception {
        Process launcher = launch();

        try (StackLock _ = StackLock.take(stack.folder(), SOON)) {
            launcher.destroy();
            assertThat(Wait.until(SOON, POLL, () -> !launcher.isAlive())).isTrue();

            assertThat(stack.status()).extracting(PartStatus::state).containsOnly(State.READY);
        }
    }

    @Test
    void stopsTheMigrateStepOfAKilledLauncher() throws Exception {
        stack.folder().create();
        Files.createFile(stack.folder().root().resolve("slow-migration"));
        Process launcher = startLauncher();
        assertThat(Wait.until(STARTED, POLL, () -> isPreparing(Part.AUTH_SERVER) && isPreparing(Part.TASK_SERVICE)))
                .isTrue();

        launcher.destroyForcibly().waitFor();
        stack.down();

        assertThat(Processes.mentions(stack.folder().root().toString())).isFalse();
    }

    @Test
    void stopsTheInitdbOfAKilledLauncher() throws Exception {
        Process launcher = startLauncher();
        // Held at once, so that it cannot end by itself before it is looked for.
        assertThat(Wait.until(STARTED, Duration.ofMillis(2), this::heldInitdb)).isTrue();

        launcher.destroyForcibly().waitFor();
        assertThatExceptionOfType(StackException.class)
                .isThrownBy(Stack.of(options().fresh(true).build())::up)
                .withMessageContaining("--fresh would wipe the data of a stack that runs");
        stack.down();

        assertThat(Processes.mentions(stack.folder().root().toString())).isFalse();
    }

    private boolean heldInitdb() {
        var initdb = stack.step(Part.AUTH_DB).find();
        initdb.ifPresent(process -> Signal.STOP.send(List.of(process)));
        return initdb.isPresent();
    }

    @Test
    void stopsTheLauncherThatWaitsInTheForeground() throws Exception {
        Process launcher = launch();

        stack.down();

        assertThat(launcher.isAlive()).isFalse();
        assertThat(stack.runs()).isFalse();
    }

    @Test
    void unpacksAJarOnceAndAgainWhenItChanges() throws IOException {
        stack.up();
        Path unpacked = project.resolve("gateway/target/unpacked");
        List<Path> first = list(unpacked);
        assertThat(first).hasSize(1);
        assertThat(list(first.getFirst().resolve("lib"))).hasSize(2);
        stack.down();

        FakeProject.writeJar(project.resolve("gateway/target/gateway.jar"), FakeService.class);
        stack.up();
        assertThat(list(unpacked)).as("same content, same folder").isEqualTo(first);
    }

    private boolean isPreparing(Part part) {
        return stack.step(part).find().isPresent();
    }

    /** A JVM of its own that starts this stack and waits, as `./firebreak up` does. */
    private Process launch() throws IOException {
        Process launcher = startLauncher();
        assertThat(Wait.until(
                        STARTED, POLL, () -> stack.status().stream().allMatch(part -> part.state() == State.READY)))
                .isTrue();
        // Ready parts come before the launcher knows that they are.
        assertThat(Wait.until(SOON, POLL, () -> Files.exists(temp.resolve("launched"))))
                .isTrue();
        return launcher;
    }

    private Process startLauncher() throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FakeLauncher.class.getName(),
                        project.toString(),
                        ports.toString().replaceAll("[^0-9,]", ""),
                        temp.resolve("launched").toString())
                .redirectErrorStream(true)
                .redirectOutput(temp.resolve("launcher.log").toFile())
                .start();
    }

    private StackOptions.Builder options() {
        return StackOptions.builder(project).ports(ports).startDeadline(Duration.ofSeconds(60));
    }

    private Set<Long> pids() {
        return stack.status().stream()
                .filter(PartStatus::runs)
                .map(part -> part.pid().getAsLong())
                .collect(Collectors.toSet());
    }

    private Set<Integer> allPorts() {
        return Arrays.stream(Part.values())
                .flatMap(part -> ports.opened(part).values().stream())
                .collect(Collectors.toSet());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = stack.connect(Part.TASKS_DB);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int count(String table) throws SQLException {
        try (Connection connection = stack.connect(Part.TASKS_DB);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
