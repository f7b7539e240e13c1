package dev.firebreak.cli;

import dev.firebreak.cli.pools.Answer;
import dev.firebreak.cli.pools.Inquiry;
import dev.firebreak.cli.pools.Look;
import dev.firebreak.cli.pools.PoolTable;
import dev.firebreak.cli.pools.PoolsDocument;
import dev.firebreak.cli.pools.Target;
import dev.firebreak.cli.pools.Watch;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Every pool of every service, at this moment or second by second. */
@Command(
        name = "pools",
        mixinStandardHelpOptions = true,
        description = "Shows every connection pool of every service, as the services see them.")
final class PoolsCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--watch", description = "Again each second, until Ctrl-C.")
    private boolean watch;

    @Option(names = "--json", description = "As one JSON document; with --watch one a line.")
    private boolean json;

    @Option(
            names = "--target",
            paramLabel = "[NAME=]URL",
            arity = "1..*",
            description = "Ask these management addresses instead of the local stack's.")
    private List<String> addresses = new ArrayList<>();

    private final ZoneId zone = ZoneId.systemDefault();

    @Override
    public Integer call() throws InterruptedException {
        Screen screen = Screen.of(spec.commandLine().getOut());
        Look look = Look.of(System.getenv().getOrDefault("COLUMNS", ""), screen.colour() && screen.unicode());
        List<Target> targets = targets();
        try (Inquiry inquiry = new Inquiry()) {
            if (watch) {
                watch(new Watch(screen.out(), !json && Screen.isTerminal()), () -> frame(look, inquiry.ask(targets)));
                return ExitCode.OK;
            }
            List<Answer> answers = inquiry.ask(targets);
            lines(look, answers).forEach(screen::line);
            if (answers.stream().noneMatch(Answer::reached)) {
                spec.commandLine()
                        .getErr()
                        .println(
                                addresses.isEmpty()
                                        ? "nothing answers; start the stack: ./firebreak up --detach"
                                        : "nothing answers; are these management addresses?");
                spec.commandLine().getErr().flush();
            }
            return ExitCode.OK;
        }
    }

    private List<Target> targets() {
        List<Target> targets = new ArrayList<>();
        for (String address : addresses) {
            try {
                targets.add(Target.parse(address));
            } catch (IllegalArgumentException e) {
                throw new UsageException("--target " + address + ": " + e.getMessage());
            }
        }
        return targets.isEmpty() ? Target.of(main.workspace().ports()) : targets;
    }

    private List<String> lines(Look look, List<Answer> answers) {
        return json ? List.of(PoolsDocument.write(answers, zone)) : new PoolTable(look, zone).lines(answers);
    }

    private List<String> frame(Look look, List<Answer> answers) {
        List<String> lines = new ArrayList<>();
        if (!json) {
            String now = TIME.format(main.workspace().clock().instant().atZone(zone));
            lines.add(now + "  each second; Ctrl-C ends it");
        }
        lines.addAll(lines(look, answers));
        return lines;
    }

    /** Ctrl-C is how this ends, so it is no failure: without the hook the status would be 130. */
    private static void watch(Watch watch, Watch.Frame frame) throws InterruptedException {
        Thread hook = Thread.ofPlatform().unstarted(() -> Runtime.getRuntime().halt(ExitCode.OK));
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            watch.run(frame);
        } finally {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
