package dev.firebreak.cli;

import dev.firebreak.cli.keys.RevokeText;
import dev.firebreak.stack.ops.OpsRefusal;
import dev.firebreak.stack.ops.RevocationsClient;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Takes back what verifiers accept of a session, a user, a client or in one token, and says when each obeyed. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = {
            "Has every verifier refuse a session, a user's tokens, a client's tokens or one token,",
            "and says after how many milliseconds each did."
        },
        footer = {
            "",
            "session SID    ends the session and its refresh tokens",
            "user WHO       ends all sessions of an e-mail address or id; they may sign in again",
            "client ID      ends the access tokens that a client has now",
            "token JTI      ends one access token; token --explain shows a token's jti and sid",
            "",
            "A key is revoked by: ./firebreak keys revoke, keys rotate --emergency.",
            "Status: 0 done, 1 refused or failed, 2 usage."
        })
final class RevokeCommand implements Callable<Integer> {
    /** What can be taken back. */
    enum What {
        session,
        user,
        client,
        token
    }

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "WHAT", description = "${COMPLETION-CANDIDATES}")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private What what;

    @Parameters(index = "1", paramLabel = "ID", description = "Which one.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String id;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "Why, for the journal; 3 to 500 characters.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String reason;

    @Option(names = "--json", description = "As the server's JSON document.")
    private boolean json;

    @Option(
            names = "--target",
            paramLabel = "URL",
            description = "Internal address of another auth-server than the local stack's, like http://127.0.0.1:9002.")
    private @Nullable String target;

    @Override
    public Integer call() {
        Screen screen = Screen.of(spec.commandLine().getOut());
        RevocationsClient revocations = new OpsTarget(main.workspace(), target)
                .revocations(BusyNotice.on(spec.commandLine().getErr()));
        try {
            JsonNode answer = revocations.revoke(what.name(), id, reason);
            if (json) {
                screen.line(answer.toString());
            } else {
                RevokeText.lines(answer).forEach(screen::line);
            }
            return ExitCode.OK;
        } catch (OpsRefusal refusal) {
            if (json) {
                // For programs a refusal is an answer, too.
                screen.line(refusal.problem().toString());
            }
            throw refusal;
        }
    }
}
