package dev.firebreak.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** Entry of the command line; without Spring, so that every command starts at once. */
@Command(
        name = "firebreak",
        description = "Runs and operates Firebreak.",
        mixinStandardHelpOptions = true,
        version = "Firebreak 0.1.0",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            DownCommand.class,
            StatusCommand.class,
            LogsCommand.class,
            PoolsCommand.class,
            DrillCommand.class,
            LoginCommand.class,
            TokenCommand.class,
            UsersCommand.class,
            KeysCommand.class,
            RevokeCommand.class,
            BootstrapCommand.class,
            DoctorCommand.class
        },
        footer = {
            "",
            "firebreak test [--quick] [--long]  builds everything and runs the tests",
            "firebreak bench [NAME...] [--json] what the hot paths cost, beside their peers",
            "firebreak COMMAND --help           options of a command"
        })
public final class Main implements Runnable {
    @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Show the stack trace of an error.")
    private boolean debug;

    private final Workspace workspace;

    Main(Workspace workspace) {
        this.workspace = workspace;
    }

    public static void main(String[] args) {
        System.exit(commandLine(Workspace.current()).execute(args));
    }

    static CommandLine commandLine(Workspace workspace) {
        Main main = new Main(workspace);
        return new CommandLine(main)
                .setParameterExceptionHandler(Failures::usage)
                .setExecutionExceptionHandler((error, command, parsed) -> Failures.report(error, command, main.debug))
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    Workspace workspace() {
        return workspace;
    }

    @Override
    public void run() {
        throw new UsageException("which command? See ./firebreak --help");
    }
}
