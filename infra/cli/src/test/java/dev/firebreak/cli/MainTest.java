package dev.firebreak.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.firebreak.drill.scenario.Scenarios;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
    /** A checkout whose stack never ran. */
    @TempDir
    Path empty;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no-such-command",
                "",
                "users",
                "bootstrap",
                "bootstrap operator",
                "token --operator --as alice",
                "up --port 99999",
                "up --port 9000",
                "up --port eight",
                "status --json --env",
                "token --as alice --client demo-service",
                "logs no-such-part",
                "logs --lines -1",
                "users add",
                "users role alice@example.com emperor",
                "doctor extra",
                "pools --target",
                "pools --target ftp://x",
                "pools --target nonsense",
                "pools extra",
                "drill no-such-drill",
                "drill overload no-such-drill",
                "drill pool --record",
                "drill --seed many"
            })
    void refusesWhatItCannotDoWithStatusTwoAndOneLine(String line) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .startsWith("firebreak: ")
                .doesNotContain("\tat ")
                .doesNotContain("Exception");
        assertThat(err.toString().lines().count()).isLessThanOrEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token --as alice",
                "login",
                "login --operator --step-up",
                "users list",
                "token --client demo-service",
                "token --operator",
                "bootstrap operator --email ops@example.org"
            })
    void saysHowToStartTheStackWhenItIsDown(String line) {
        assertThat(run(line)).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .contains("is not up")
                .contains("./firebreak up --detach")
                .doesNotContain("\tat ");
    }

    @Test
    void showsWhereAnErrorCameFromOnlyWhenAsked() {
        run("token --as alice --debug");

        assertThat(err.toString()).contains("\tat dev.firebreak");
    }

    @Test
    void saysInTwoLinesThatTheDiskIsFull() {
        IOException full =
                catchThrowableOfType(IOException.class, () -> Files.writeString(Path.of("/dev/full"), "a line"));
        CommandLine command =
                Main.commandLine(new Workspace(empty, InstantSource.system())).setErr(new PrintWriter(err));

        int status = Failures.report(new UncheckedIOException("cannot write stack.json", full), command, false);

        assertThat(status).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "firebreak: the disk is full: cannot write stack.json",
                        "           free some space on that file system, then run it again; `df -h` shows what is full");
    }

    @Test
    void saysWhichJarIsMissing() {
        assertThat(run("up")).isEqualTo(1);
        assertThat(err.toString()).contains("auth-server.jar is missing").contains("mvn -DskipTests package");
    }

    @Test
    void stopsNothingWithoutComplaint() {
        assertThat(run("down")).isZero();
        assertThat(out.toString()).contains("nothing was running");
    }

    @Test
    void reportsEveryPartAsStopped() {
        assertThat(run("status")).isZero();
        assertThat(out.toString().lines().skip(1)).hasSize(5).allMatch(row -> row.contains("stopped"));
    }

    @Test
    void listsEveryDrillWithinEightyColumnsAndBreaksNothing() {
        assertThat(run("drill --list")).isZero();
        assertThat(out.toString().lines())
                .hasSameSizeAs(Scenarios.all())
                .allMatch(line -> line.length() <= 80)
                .anyMatch(line -> line.startsWith("cascade "));
        assertThat(empty).isEmptyDirectory();
    }

    @Test
    void drillSaysWhichJarIsMissing() {
        assertThat(run("drill pool")).isEqualTo(1);
        assertThat(err.toString()).contains("auth-server.jar is missing").contains("mvn -DskipTests package");
    }

    @Test
    void helpsWithEveryCommandWithinEightyColumns() {
        CommandLine main = Main.commandLine(new Workspace(empty, InstantSource.fixed(Instant.EPOCH)));

        assertThat(main.getSubcommands().keySet())
                .containsExactlyInAnyOrder(
                        "up",
                        "down",
                        "status",
                        "logs",
                        "pools",
                        "drill",
                        "login",
                        "token",
                        "users",
                        "keys",
                        "revoke",
                        "bootstrap",
                        "doctor");
        assertThat(main.getUsageMessage().lines()).allMatch(line -> line.length() <= 80);
        main.getSubcommands()
                .forEach((name, command) ->
                        assertThat(command.getUsageMessage().lines()).as(name).allMatch(line -> line.length() <= 80));
    }

    private int run(String line) {
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
        return Main.commandLine(new Workspace(empty, InstantSource.system()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
