package dev.firebreak.cli;

import dev.firebreak.cli.oauth.Tokens;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Sign-in in the person's browser; later commands use what it brought. */
@Command(
        name = "login",
        mixinStandardHelpOptions = true,
        description = "Signs in with a browser and keeps the tokens for `token`.")
final class LoginCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--scope", defaultValue = TokenCommand.USER_SCOPE, description = "Scopes (${DEFAULT-VALUE}).")
    private String scope = TokenCommand.USER_SCOPE;

    @Override
    public Integer call() {
        Screen screen = Screen.of(spec.commandLine().getOut());
        main.workspace().runningStack();
        CliClient client =
                new CliClient(main.workspace(), BusyNotice.on(spec.commandLine().getErr()));
        Tokens tokens = client.byBrowser(scope, address -> {
            screen.line("Open this address in a browser on this machine:");
            screen.line("");
            screen.line(address.toString());
            screen.line("");
            screen.line("Waiting for the sign-in…");
        });
        screen.line("Signed in until " + tokens.expiresAt() + "; then `token` renews by itself.");
        screen.line("The tokens are in " + client.stored().file());
        return 0;
    }
}
