package dev.firebreak.cli;

import dev.firebreak.stack.PartStatus;
import dev.firebreak.stack.PartStatus.State;
import dev.firebreak.stack.Preflight;
import dev.firebreak.stack.Stack;
import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Starts everything and says how to use it. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts two databases and the services, and waits until they serve.")
final class UpCommand implements Callable<Integer> {
    private static final Duration WATCH_EVERY = Duration.ofMillis(500);

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--fresh", description = "Wipe all data and keys first.")
    private boolean fresh;

    @Option(names = "--detach", description = "Return when everything serves; stop it with `down`.")
    private boolean detach;

    @Option(
            names = "--port",
            paramLabel = "P",
            description = "The gateway's port (8080); its management port is the next one.")
    private @Nullable Integer port;

    @Override
    public Integer call() throws InterruptedException {
        Preflight.requirePlatform();
        Screen screen = Screen.of(spec.commandLine().getOut());
        long begin = System.nanoTime();
        Ports ports = ports();
        if (alreadyUp(ports)) {
            screen.line("already up; ./firebreak down stops it");
            new Card(ports, data()).print(screen);
            return 0;
        }
        Stack stack = Stack.of(main.workspace()
                .options()
                .ports(ports)
                .fresh(fresh)
                .progress((who, what) -> screen.line(progressLine(begin, who, what)))
                .build());
        stack.up();
        screen.line("");
        screen.line(screen.green("Firebreak is up") + " after " + seconds(begin).strip() + " s");
        new Card(ports, data()).print(screen);
        if (detach) {
            stack.detach();
            return 0;
        }
        screen.line("");
        screen.line("Ctrl-C stops everything.");
        return watch(stack, screen, begin);
    }

    private Ports ports() {
        if (port == null) {
            return Workspace.usualPorts();
        }
        try {
            return Workspace.usualPorts().withGateway(port);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--port " + port + ": " + e.getMessage());
        }
    }

    /** Everything serves where it was asked for: then there is nothing to do. */
    private boolean alreadyUp(Ports wanted) {
        Stack running = main.workspace().stack();
        List<PartStatus> status = running.status();
        if (status.stream().noneMatch(PartStatus::runs)) {
            return false;
        }
        if (fresh) {
            throw new StackException(
                    "--fresh would wipe the data of a stack that runs", "stop it first: ./firebreak down");
        }
        boolean serves = status.stream().allMatch(part -> part.state() == State.READY);
        if (serves && !running.ports().equals(wanted)) {
            throw new StackException(
                    "the stack is up already, on port " + running.ports().gateway(), "stop it first: ./firebreak down");
        }
        return serves;
    }

    /** Until Ctrl-C, or until `down` has stopped everything. One part's end is news, not the end: see the first drill. */
    private int watch(Stack stack, Screen screen, long begin) throws InterruptedException {
        Set<Part> running = EnumSet.allOf(Part.class);
        while (!running.isEmpty()) {
            Thread.sleep(WATCH_EVERY);
            for (Part part : Part.values()) {
                boolean runs = stack.runs(part);
                if (!runs && running.remove(part)) {
                    screen.line(progressLine(begin, part.id(), "has ended; ./firebreak logs " + part.id()));
                } else if (runs && running.add(part)) {
                    screen.line(progressLine(begin, part.id(), "runs again"));
                }
            }
        }
        stack.detach();
        screen.line("everything has stopped");
        return 0;
    }

    private Path data() {
        Path folder = main.workspace().folder().root();
        Path here = Path.of("").toAbsolutePath();
        return folder.startsWith(here) ? here.relativize(folder) : folder;
    }

    private static String progressLine(long begin, String who, String what) {
        return "[%s s] %-15s %s".formatted(seconds(begin), who, what);
    }

    private static String seconds(long begin) {
        return String.format(Locale.ROOT, "%5.1f", (System.nanoTime() - begin) / 1e9);
    }
}
