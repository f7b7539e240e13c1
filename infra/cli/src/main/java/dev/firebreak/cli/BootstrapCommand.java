package dev.firebreak.cli;

import dev.firebreak.stack.process.StepOutput;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** What has to be there before anybody can sign in as an operator. */
@Command(name = "bootstrap", mixinStandardHelpOptions = true, description = "Makes the first operator.")
final class BootstrapCommand implements Runnable {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new UsageException("bootstrap what? operator; see ./firebreak bootstrap --help");
    }

    @Command(
            name = "operator",
            mixinStandardHelpOptions = true,
            description = {
                "Makes the first operator's account and prints a link to choose its password:",
                "good for 30 minutes and once. Refused when there is an operator already."
            })
    int operator(@Option(names = "--email", paramLabel = "EMAIL", required = true) String email) {
        StepOutput output = main.workspace().runningStack().bootstrapOperator(email);
        if (output.status() == ExitCode.OK) {
            Screen screen = Screen.of(spec.commandLine().getOut());
            output.lines().forEach(screen::line);
        } else {
            output.lines().forEach(line -> spec.commandLine().getErr().println("firebreak: " + line));
            spec.commandLine().getErr().flush();
        }
        return output.status();
    }
}
