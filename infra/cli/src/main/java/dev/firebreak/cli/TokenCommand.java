package dev.firebreak.cli;

import dev.firebreak.cli.oauth.Tokens;
import dev.firebreak.stack.ops.DemoAccounts;
import java.io.Console;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** An access token, got as any client gets it. */
@Command(
        name = "token",
        mixinStandardHelpOptions = true,
        description = {
            "Prints an access token: by the sign-in form (--as), by a client's key (--client),",
            "of the last login, or of the last login of an operator (--operator). Passwords of other than demo accounts come from",
            "FIREBREAK_PASSWORD or a prompt."
        })
final class TokenCommand implements Callable<Integer> {
    static final String USER_SCOPE = "openid profile email tasks:read tasks:write";
    private static final String CLIENT_SCOPE = "tasks:read tasks:write";
    private static final String DEMO_DOMAIN = "@example.com";

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @ArgGroup
    private @Nullable Who who;

    private static final class Who {
        @Option(names = "--as", paramLabel = "USER", description = "E-mail address; `alice` means alice@example.com.")
        private @Nullable String user;

        @Option(names = "--client", paramLabel = "ID", description = "For instance demo-service.")
        private @Nullable String client;

        @Option(names = "--operator", description = "Of the last `login --operator`.")
        private boolean operator;
    }

    @Option(names = "--scope", paramLabel = "SCOPES", description = "Instead of the usual ones.")
    private @Nullable String scope;

    @Option(names = "--explain", description = "Instead of the token: its claims, its expiry, a call to try.")
    private boolean explain;

    @Override
    public Integer call() {
        main.workspace().runningStack();
        Tokens tokens = fetch(
                new CliClient(main.workspace(), BusyNotice.on(spec.commandLine().getErr())));
        Screen screen = Screen.of(spec.commandLine().getOut());
        if (explain) {
            new TokenExplanation(
                            tokens.accessToken(),
                            command(),
                            main.workspace().ports().publicOrigin(),
                            main.workspace().clock().instant())
                    .print(screen);
        } else {
            screen.line(tokens.accessToken());
        }
        return 0;
    }

    private Tokens fetch(CliClient client) {
        if (who != null && who.user != null) {
            String user = who.user.contains("@") ? who.user : who.user + DEMO_DOMAIN;
            return client.byForm(user, password(user), scope == null ? USER_SCOPE : scope);
        }
        if (who != null && who.client != null) {
            return client.byClientKey(who.client, scope == null ? CLIENT_SCOPE : scope);
        }
        if (who != null && who.operator) {
            return client.ofLastLogin(client.storedOfOperator(), "no operator signed in: ./firebreak login --operator");
        }
        return client.ofLastLogin(
                client.stored(), "whose token? --as USER, --client ID, or sign in: ./firebreak login");
    }

    private static String password(String user) {
        String given = System.getenv("FIREBREAK_PASSWORD");
        if (given != null && !given.isEmpty()) {
            return given;
        }
        if (DemoAccounts.ALL.stream().anyMatch(account -> account.email().equals(user))) {
            return DemoAccounts.PASSWORD;
        }
        return Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .map(console -> console.readPassword("Password of %s: ", user))
                .map(String::new)
                .orElseThrow(() -> new UsageException(
                        user + " is no demo account: set FIREBREAK_PASSWORD, or run this in a terminal"));
    }

    /** The command that prints the same token, for the call to try. */
    private String command() {
        if (who != null && who.user != null) {
            return "./firebreak token --as " + who.user;
        }
        if (who != null && who.operator) {
            return "./firebreak token --operator";
        }
        return who != null && who.client != null ? "./firebreak token --client " + who.client : "./firebreak token";
    }
}
