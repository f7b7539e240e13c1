package dev.firebreak.system.harness;

import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.process.Processes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A newcomer's checkout: the script and links to this one's jars, with a state folder and ports of its own, so that nobody's
 * data is touched and no port of contracts is needed.
 */
public final class Checkout implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(140);
    private static final List<String> JARS = List.of(
            "auth-server/target/auth-server.jar",
            "gateway/target/gateway.jar",
            "task-service/target/task-service.jar",
            "infra/drill-control/target/drill-control.jar");
    private static final String CLI = "infra/cli/target/firebreak-cli.jar";

    private final Path folder;
    private final Ports ports;

    public Checkout(Ports ports) {
        this.ports = ports;
        Path repository = SystemStack.repository();
        try {
            folder = Files.createTempDirectory("firebreak-checkout-").toRealPath();
            Files.copy(repository.resolve("firebreak"), folder.resolve("firebreak"));
            for (String jar : JARS) {
                Files.createDirectories(folder.resolve(jar).getParent());
                Files.createSymbolicLink(folder.resolve(jar), repository.resolve(jar));
            }
            Files.createDirectories(folder.resolve("infra/cli"));
            Files.createDirectories(folder.resolve("shared-contracts"));
            Files.createSymbolicLink(folder.resolve("infra/cli/pom.xml"), repository.resolve("infra/cli/pom.xml"));
            // The whole folder, because the jar names the libraries beside it.
            Files.createSymbolicLink(folder.resolve("infra/cli/target"), repository.resolve("infra/cli/target"));
            Files.createFile(folder.resolve("pom.xml"));
            // The script's mark of a build that is newer than all sources.
            Files.createDirectories(folder.resolve("target"));
            Files.createFile(folder.resolve("target/firebreak-built"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path folder() {
        return folder;
    }

    public URI origin() {
        return URI.create(ports.publicOrigin());
    }

    /** Runs a command of {@code ./firebreak} to its end. */
    public Command.Result firebreak(String... arguments) {
        return firebreak(Map.of(), arguments);
    }

    public Command.Result firebreak(Map<String, String> environment, String... arguments) {
        return Command.run(folder, DEADLINE, environment, commandLine(arguments));
    }

    /** Starts a command that waits for something. */
    public Background start(String... arguments) {
        return Background.start(folder, Map.of(), commandLine(arguments));
    }

    /**
     * Starts the script itself as a terminal would: in the foreground of a process group of its own, where Ctrl-C counts
     * however this JVM was started.
     */
    public Background startScript(String... arguments) {
        List<String> command = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT"));
        command.add(folder.resolve("firebreak").toString());
        command.addAll(List.of(arguments));
        return Background.start(
                folder,
                Map.of(
                        "JAVA_HOME",
                        System.getProperty("java.home"),
                        "JDK_JAVA_OPTIONS",
                        "-Dfirebreak.ports=" + portList()),
                command);
    }

    /** Processes whose command line names this folder. */
    public List<String> processes() {
        return ProcessHandle.allProcesses()
                .map(process -> process.pid() + " " + String.join(" ", Processes.commandLine(process.pid())))
                .filter(line -> line.contains(folder.toString()))
                .toList();
    }

    /** Stops whatever runs and deletes everything. */
    @Override
    public void close() {
        firebreak("down");
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> commandLine(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dfirebreak.root=" + folder,
                "-Dfirebreak.ports=" + portList(),
                "-jar",
                SystemStack.repository().resolve(CLI).toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    private String portList() {
        return IntStream.of(
                        ports.gateway(),
                        ports.gatewayManagement(),
                        ports.auth(),
                        ports.authInternal(),
                        ports.authManagement(),
                        ports.tasks(),
                        ports.tasksManagement(),
                        ports.authDb(),
                        ports.tasksDb())
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(","));
    }
}
