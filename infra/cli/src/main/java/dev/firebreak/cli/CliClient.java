package dev.firebreak.cli;

import dev.firebreak.cli.oauth.FormSignIn;
import dev.firebreak.cli.oauth.LoopbackSignIn;
import dev.firebreak.cli.oauth.StoredTokens;
import dev.firebreak.cli.oauth.TokenEndpoint;
import dev.firebreak.cli.oauth.Tokens;
import dev.firebreak.cli.oauth.Wish;
import dev.firebreak.stack.config.ClientRegistrations;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.ClientKey;
import dev.firebreak.trust.retry.PatientHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** The ways by which this command line gets a token from the running stack. */
final class CliClient {
    /** How long a person has to sign in with a browser. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** A token this close to its end is renewed rather than handed out. */
    private static final Duration LEAST_LEFT = Duration.ofMinutes(2);

    private final Workspace workspace;
    private final StackFolder folder;
    private final URI issuer;
    private final TokenEndpoint endpoint;

    private final FormSignIn formSignIn;

    /** @param busy hears of each wait that a busy server asked for */
    CliClient(Workspace workspace, Consumer<Duration> busy) {
        this.workspace = workspace;
        this.folder = workspace.folder();
        this.issuer = URI.create(workspace.ports().publicOrigin() + "/auth");
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(2))
                .build();
        this.endpoint = new TokenEndpoint(issuer, PatientHttp.over(http, workspace.clock(), busy), workspace.clock());
        this.formSignIn =
                new FormSignIn(issuer, endpoint, PatientHttp.over(FormSignIn.browser(), workspace.clock(), busy));
    }

    Tokens byForm(String user, String password, String scope) {
        return formSignIn.signIn(ClientRegistrations.FIREBREAK_CLI, scope, user, password);
    }

    Tokens byBrowser(Wish wish, StoredTokens store, Consumer<URI> show) {
        Tokens tokens =
                new LoopbackSignIn(issuer, endpoint, PATIENCE).signIn(ClientRegistrations.FIREBREAK_CLI, wish, show);
        store.save(tokens);
        return tokens;
    }

    Tokens byClientKey(String clientId, String scope) {
        Path key = folder.clientKey(clientId);
        if (!Files.exists(key)) {
            throw new UsageException("there is no key of a client " + clientId + " in " + folder.clientKeys());
        }
        ClientAssertions assertions = new ClientAssertions(
                clientId, ClientKey.load(key), issuer.toString(), "firebreak-cli", workspace.clock());
        return endpoint.clientCredentials(assertions::create, scope);
    }

    /**
     * The token of {@code login}, renewed when it is about to end.
     *
     * @param otherwise what to say if nobody signed in
     */
    Tokens ofLastLogin(StoredTokens store, String otherwise) {
        Tokens tokens = store.load().orElseThrow(() -> new UsageException(otherwise));
        if (tokens.expiresAt().isAfter(workspace.clock().instant().plus(LEAST_LEFT))) {
            return tokens;
        }
        String refresh = tokens.refresh()
                .orElseThrow(() -> new UsageException("the token of the last sign-in has ended: ./firebreak login"));
        Tokens renewed = endpoint.refresh(ClientRegistrations.FIREBREAK_CLI, refresh);
        store.save(renewed);
        return renewed;
    }

    StoredTokens stored() {
        return StoredTokens.ofUser(folder.cliState());
    }

    StoredTokens storedOfOperator() {
        return StoredTokens.ofOperator(folder.cliState());
    }
}
