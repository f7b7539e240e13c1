package dev.firebreak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.cli.keys.Documents;
import dev.firebreak.stack.config.ClientRegistrations;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.secrets.StackSecrets;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code revoke} against a made-up authorization server. */
class RevokeCommandTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final String REVOKE = "POST trust/revocations";
    private static final String SID = "5b0f8a52-6a3e-4b0e-9a45-2a1d0f6c7e31";

    @TempDir
    Path checkout;

    private FakeOps server;
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws IOException {
        server = new FakeOps();
        StackFolder folder = new StackFolder(checkout.resolve(".firebreak"));
        folder.create();
        StackSecrets secrets = new StackSecrets(folder);
        secrets.create();
        secrets.clientKey(ClientRegistrations.OPERATOR_CLI);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** {@code revoke-nobody}: from a node that knows no verifiers, which is no success. */
    @ParameterizedTest
    @ValueSource(strings = {"revoke", "revoke-nobody"})
    void saysPerVerifierWhenItWasInForceWithinEightyColumns(String name) throws IOException {
        server.answer(REVOKE, 200, Documents.text(name));
        Path golden = GOLDEN.resolve(name + ".txt");

        assertThat(revoke("session", SID, "--reason", "laptop stolen")).isZero();

        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(golden, out.toString());
        }
        assertThat(golden).hasContent(out.toString());
        assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
        assertThat(server.asked.getFirst().body())
                .isEqualTo("{\"kind\":\"session\",\"value\":\"" + SID + "\",\"reason\":\"laptop stolen\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "client", "token"})
    void namesWhatIsTakenBack(String what) {
        server.answer(REVOKE, 200, Documents.text("revoke"));

        assertThat(revoke(what, "x", "--reason", "seen in a log", "--json")).isZero();

        assertThat(server.asked.getFirst().body()).startsWith("{\"kind\":\"" + what + "\",\"value\":\"x\"");
        assertThat(out.toString().strip()).isEqualTo(Documents.json("revoke").toString());
    }

    @Test
    void tellsWhatTheServerSaidAgainstIt() {
        server.answer(REVOKE, 404, "{\"code\":\"user.not_found\",\"detail\":\"There is no such user.\"}");

        assertThat(revoke("user", "nobody@example.com", "--reason", "left us")).isEqualTo(1);
        assertThat(err.toString()).contains("refused (user.not_found): There is no such user.");
        assertThat(revoke("user", "nobody@example.com", "--reason", "left us", "--json"))
                .isEqualTo(1);
        assertThat(out.toString()).contains("\"user.not_found\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "session", "session x", "key x --reason why", "token --reason why"})
    void needsToBeToldWhatAndWhy(String line) {
        assertThat(revoke(line.isEmpty() ? new String[0] : line.split(" "))).isEqualTo(2);
        assertThat(server.asked).isEmpty();
    }

    @Test
    void helpsWithinEightyColumns() {
        assertThat(Main.commandLine(new Workspace(checkout, InstantSource.system()))
                        .getSubcommands()
                        .get("revoke")
                        .getUsageMessage()
                        .lines())
                .allMatch(line -> line.length() <= 80);
    }

    private int revoke(String... arguments) {
        List<String> all = new ArrayList<>(List.of("revoke", "--target", server.url()));
        all.addAll(List.of(arguments));
        out = new StringWriter();
        err = new StringWriter();
        return Main.commandLine(new Workspace(checkout, InstantSource.system()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(all.toArray(String[]::new));
    }
}
