package dev.firebreak.cli;

import dev.firebreak.cli.oauth.StoredTokens;
import dev.firebreak.cli.oauth.Tokens;
import dev.firebreak.cli.oauth.Wish;
import dev.firebreak.contracts.token.Audiences;
import dev.firebreak.contracts.token.Scopes;
import java.net.URI;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Sign-in in the person's browser; later commands use what it brought. */
@Command(
        name = "login",
        mixinStandardHelpOptions = true,
        description = {
            "Signs in with a browser and keeps the tokens for `token`; with --operator",
            "for `token --operator`, beside the others."
        })
final class LoginCommand implements Callable<Integer> {
    private static final String OPERATOR_SCOPE =
            Scopes.OPENID + " " + String.join(" ", new TreeSet<>(Scopes.OF_OPERATORS));

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--operator", description = "For operators' endpoints instead of the API.")
    private boolean operator;

    @Option(
            names = "--step-up",
            description = "Asks for the password also where the browser is signed in: orders need a recent proof.")
    private boolean stepUp;

    @Option(names = "--scope", paramLabel = "SCOPES", description = "Instead of all that there are.")
    private @Nullable String scope;

    @Override
    public Integer call() {
        Screen screen = Screen.of(spec.commandLine().getOut());
        main.workspace().runningStack();
        CliClient client =
                new CliClient(main.workspace(), BusyNotice.on(spec.commandLine().getErr()));
        StoredTokens store = operator ? client.storedOfOperator() : client.stored();
        Tokens tokens = client.byBrowser(wish(), store, address -> {
            screen.line("Open this address in a browser on this machine:");
            screen.line("");
            screen.line(address.toString());
            screen.line("");
            screen.line("Waiting for the sign-in…");
        });
        String command = operator ? "token --operator" : "token";
        screen.line("Signed in until " + tokens.expiresAt() + "; then `" + command + "` renews by itself.");
        screen.line("The tokens are in " + store.file());
        return 0;
    }

    private Wish wish() {
        String usual = operator ? OPERATOR_SCOPE : TokenCommand.USER_SCOPE;
        URI resource =
                operator ? URI.create(Audiences.ops(main.workspace().ports().publicOrigin())) : null;
        return new Wish(scope == null ? usual : scope, resource, stepUp);
    }
}
