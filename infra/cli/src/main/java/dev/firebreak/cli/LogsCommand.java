package dev.firebreak.cli;

import dev.firebreak.cli.logs.Follower;
import dev.firebreak.cli.logs.LogFiles;
import dev.firebreak.cli.logs.LogLine;
import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.StackFolder;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Log lines by part or by trace. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Shows the parts' logs, merged by time; with --trace the way of one request.")
final class LogsCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(250);

    /** Enough for the way of any one request, and an end for a search that matches everything. */
    private static final int MOST_OF_A_TRACE = 10_000;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "PART", description = "As in status: gateway, auth-server, auth-db, …")
    private @Nullable String name;

    @Option(names = "--trace", paramLabel = "ID", description = "Only lines with this trace id, from every part.")
    private @Nullable String trace;

    @Option(names = "--follow", description = "Go on with what is written from now on, until Ctrl-C.")
    private boolean follow;

    @Option(
            names = "--lines",
            paramLabel = "N",
            defaultValue = "100",
            description = "How many of the last lines of each part (${DEFAULT-VALUE}).")
    private int lines;

    @Override
    public Integer call() throws InterruptedException {
        if (lines < 0) {
            throw new UsageException("--lines " + lines + ": cannot be negative");
        }
        Screen screen = Screen.of(spec.commandLine().getOut());
        StackFolder folder = main.workspace().folder();
        List<Part> parts = parts();
        Predicate<String> wanted = trace == null ? line -> true : line -> line.contains(trace);
        // Before reading, so that no line falls between what was and what comes.
        Map<Part, Follower> followers = new EnumMap<>(Part.class);
        parts.forEach(part -> followers.put(part, new Follower(folder.log(part))));
        List<LogLine> found = new LogFiles(folder, parts).read(wanted, trace == null ? lines : MOST_OF_A_TRACE);
        found.forEach(line -> screen.line(prefixed(parts, line.part(), line.text())));
        if (found.isEmpty() && !follow) {
            spec.commandLine().getErr().println("no such lines in " + folder.logs());
            spec.commandLine().getErr().flush();
            return trace == null ? 0 : 1;
        }
        while (follow) {
            Thread.sleep(POLL);
            followers.forEach((part, follower) -> follower.next().stream()
                    .filter(wanted)
                    .forEach(line -> screen.line(prefixed(parts, part.id(), line))));
        }
        return 0;
    }

    private List<Part> parts() {
        if (name == null) {
            return List.of(Part.values());
        }
        return List.of(Part.find(name)
                .orElseThrow(() -> new UsageException("there is no part " + name + "; there are "
                        + Arrays.stream(Part.values()).map(Part::id).collect(Collectors.joining(", ")))));
    }

    private static String prefixed(List<Part> parts, String part, String text) {
        return parts.size() == 1 ? text : "%-14s | %s".formatted(part, text);
    }
}
