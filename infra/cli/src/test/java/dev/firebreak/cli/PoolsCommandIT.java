package dev.firebreak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.cli.pools.FakeManagement;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code pools} as a process of its own, because signals and exit statuses are half of what it promises. */
@Timeout(60)
class PoolsCommandIT {
    @TempDir
    Path checkout;

    private FakeManagement service;
    private final List<Process> processes = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        service = new FakeManagement();
    }

    @AfterEach
    void stop() {
        processes.forEach(Process::destroyForcibly);
        service.close();
    }

    @Test
    void writesTheContractsJson() throws Exception {
        Process pools =
                pools("--json", "--target", "task-service-1=" + service.url(), "auth-server-1=http://127.0.0.1:1");

        assertThat(pools.inputReader().lines())
                .containsExactly(
                        "{\"pools\":[{\"service\":\"task-service\",\"node\":\"task-service-1\",\"pool\":\"tasks\","
                                + "\"size\":10,\"open\":10,\"active\":3,\"idle\":7,\"waiting\":0,\"verdict\":\"ok\"},"
                                + "{\"service\":\"auth-server\",\"node\":\"auth-server-1\",\"verdict\":\"unreachable\"}]}");
        assertThat(pools.waitFor()).isZero();
    }

    @Test
    void saysHowToStartTheStackWhenNothingAnswers() throws Exception {
        Process pools = pools();

        assertThat(pools.inputReader().lines())
                .anyMatch(line -> line.startsWith("auth-server-1  unreachable: "))
                .anyMatch(line -> line.startsWith("task-service-1  unreachable: "));
        assertThat(pools.errorReader().readLine()).contains("./firebreak up --detach");
        assertThat(pools.waitFor()).isZero();
    }

    @Test
    void watchesUntilCtrlCAndEndsWithStatusZero() throws Exception {
        Process pools = pools("--watch", "--target", "task-service-1=" + service.url());
        BufferedReader out = pools.inputReader();
        readTo(out, "  tasks ");
        service.body = "{\"pools\":[" + FakeManagement.BROKEN + "]}";
        readTo(out, "configured 10, open 0: FATAL");

        signal(pools, "INT");

        assertThat(pools.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(pools.exitValue()).isZero();
        assertThat(pools.errorReader().lines()).isEmpty();
    }

    @Test
    void watchesAsOneJsonDocumentALine() throws Exception {
        Process pools = pools("--watch", "--json", "--target", "task-service-1=" + service.url());
        BufferedReader out = pools.inputReader();

        assertThat(out.readLine()).startsWith("{\"pools\":[{").endsWith("}]}");
        assertThat(out.readLine()).startsWith("{\"pools\":[{").endsWith("}]}");
    }

    @Test
    void stopsWatchingWhenItsReaderHasGone() throws Exception {
        Process pools = pools("--watch", "--target", "task-service-1=" + service.url());
        readTo(pools.inputReader(), "  tasks ");

        pools.inputReader().close();

        assertThat(pools.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(pools.exitValue()).isZero();
    }

    private static void readTo(BufferedReader out, String beginning) throws IOException {
        String line = out.readLine();
        while (line != null && !line.startsWith(beginning)) {
            line = out.readLine();
        }
        assertThat(line).as("a line that begins with " + beginning).isNotNull();
    }

    private static void signal(Process process, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private Process pools(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dfirebreak.root=" + checkout,
                // Ports below 1024 of which none is taken here: nobody answers.
                "-Dfirebreak.ports=1,2,3,4,5,6,7,8,9",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "pools"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).start();
        processes.add(process);
        return process;
    }
}
