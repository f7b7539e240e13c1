package dev.firebreak.cli;

import dev.firebreak.stack.Stack;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Stops everything of this checkout, whoever started it and however that ended. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Stops everything of this folder, also what a crashed launcher left behind.")
final class DownCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        Screen screen = Screen.of(spec.commandLine().getOut());
        AtomicInteger stopped = new AtomicInteger();
        Stack stack = Stack.of(main.workspace()
                .options()
                .progress((who, what) -> {
                    stopped.incrementAndGet();
                    screen.line("%-15s %s".formatted(who, what));
                })
                .build());
        boolean ran = stack.runs();
        stack.down();
        screen.line(ran || stopped.get() > 0 ? "everything has stopped" : "nothing was running");
        return 0;
    }
}
