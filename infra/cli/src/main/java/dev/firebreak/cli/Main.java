package dev.firebreak.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Entry of the command line; without Spring, so that every command starts at once. */
@Command(
        name = "firebreak",
        description = "Runs and operates Firebreak.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main());
    }
}
