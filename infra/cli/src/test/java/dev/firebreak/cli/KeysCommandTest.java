package dev.firebreak.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.cli.keys.Documents;
import dev.firebreak.stack.config.ClientRegistrations;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.secrets.StackSecrets;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;

/** {@code keys} against a made-up authorization server, and on a real ring file. */
class KeysCommandTest {
    private static final String PUBLISHED = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k";
    private static final String DONE = Documents.text("activate");

    @TempDir
    Path checkout;

    private FakeOps server;
    private StackFolder folder;
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @BeforeEach
    void start() throws IOException {
        server = new FakeOps();
        folder = new StackFolder(checkout.resolve(".firebreak"));
        folder.create();
        StackSecrets secrets = new StackSecrets(folder);
        secrets.create();
        secrets.clientKey(ClientRegistrations.OPERATOR_CLI);
        server.answer("GET keys", 200, Documents.text("list"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void listsWithoutACommandAsOperatorCli() throws Exception {
        assertThat(keys()).isZero();

        assertThat(lines().getFirst()).startsWith("KEY        STATE");
        assertThat(out.toString()).contains("waits for gateway/gateway-2");
        assertThat(server.questions()).containsExactly("GET keys");
        assertThat(SignedJWT.parse(server.asked.getFirst().proof().substring("Bearer ".length()))
                        .getJWTClaimsSet()
                        .getIssuer())
                .isEqualTo("operator-cli");
    }

    @ParameterizedTest
    @ValueSource(strings = {"list --json", "--json", "--json list"})
    void passesTheServersDocumentOnAsOneLine(String line) {
        assertThat(keys(line.split(" "))).isZero();

        assertThat(lines()).containsExactly(Documents.json("list").toString());
    }

    @Test
    void showsThePlan() {
        server.answer("GET keys/plan", 200, Documents.text("plan"));

        assertThat(keys("plan")).isZero();
        assertThat(out.toString()).contains("activate  kPrK_qmxV");
        assertThat(out.toString()).contains("An emergency rotation now would end the tokens of about 1,234 sessions");
        assertThat(keys("plan", "--json")).isZero();
        assertThat(lines()).containsExactly(Documents.json("plan").toString());
    }

    @Test
    void givesAnOrderWithAllItsMembers() {
        server.answer("POST keys/activate", 200, DONE);

        assertThat(keys("activate", "--kid", PUBLISHED, "--reason", "before the freeze", "--force"))
                .isZero();

        assertThat(server.questions()).containsExactly("POST keys/activate");
        assertThat(server.asked.getFirst().body())
                .isEqualTo("{\"kid\":\"" + PUBLISHED
                        + "\",\"reason\":\"before the freeze\",\"force\":true,\"emergency\":false,\"algorithm\":null}");
        assertThat(lines())
                .startsWith("activate: done, row 17 of the journal, keys are now version 13")
                .contains("gateway/gateway-1            812 ms");
    }

    @Test
    void meansTheNewestKeyWithoutAKid() {
        server.answer("POST keys/revoke", 200, DONE);

        keys("revoke", "--reason", "key seen in a log");

        assertThat(server.asked.getLast().body()).startsWith("{\"kid\":null,\"reason\":\"key seen in a log\"");
    }

    @Test
    void takesTheBeginningOfAnIdAsTheTableShowsIt() {
        server.answer("POST keys/activate", 200, DONE);

        assertThat(keys("activate", "--kid", "kPrK_qmxV", "--reason", "due")).isZero();

        assertThat(server.asked.getLast().body()).startsWith("{\"kid\":\"" + PUBLISHED + "\"");
    }

    @Test
    void refusesABeginningThatTwoKeysHave() {
        assertThat(keys("revoke", "--kid", "kPrK_qmx", "--reason", "seen in a log"))
                .isEqualTo(2);

        assertThat(err.toString())
                .contains("--kid kPrK_qmx may be any of " + "kPrK_qmx9x")
                .contains(PUBLISHED);
        assertThat(server.questions()).containsExactly("GET keys");
    }

    @Test
    void leavesAnUnknownIdToTheServer() {
        server.answer("POST keys/revoke", 404, problem(404, "keys.not_found", "there is no key nonsense", ""));

        assertThat(keys("revoke", "--kid", "nonsense", "--reason", "seen in a log"))
                .isEqualTo(1);

        assertThat(server.asked.getLast().body()).startsWith("{\"kid\":\"nonsense\"");
        assertThat(err.toString().lines())
                .containsExactly(
                        "firebreak: refused (keys.not_found): there is no key nonsense",
                        "           what there is: ./firebreak keys list");
    }

    @Test
    void preparesWithAnAlgorithm() {
        server.answer("POST keys/prepare", 200, DONE);

        keys("prepare", "--algorithm", "rs256", "--reason", "a partner cannot verify ES256");

        assertThat(server.asked.getLast().body()).endsWith("\"algorithm\":\"RS256\"}");
    }

    @Test
    void asksForADryRunAndAgainWhileTheServerIsBusy() {
        server.answer("POST keys/rotate?dry_run=true", 503, problem(503, "pool.saturated", "busy", ""));
        server.answer("POST keys/rotate?dry_run=true", 200, DONE.replace("\"dry_run\":false", "\"dry_run\":true"));

        assertThat(keys("rotate", "--reason", "try it", "--dry-run")).isZero();

        assertThat(lines()).startsWith("rotate: a dry run, nothing was changed. It would do this:");
        assertThat(server.questions()).hasSize(2).containsOnly("POST keys/rotate?dry_run=true");
        assertThat(server.asked.get(0).proof()).isNotEqualTo(server.asked.get(1).proof());
    }

    @Test
    void givesAnOrderOnceThoughTheServerIsBusy() {
        server.answer(
                "POST keys/rotate", 503, problem(503, "pool.saturated", "the pool is full", ",\"retry_after\":3"));

        assertThat(keys("rotate", "--reason", "monthly")).isEqualTo(1);

        assertThat(server.questions()).containsExactly("POST keys/rotate");
        assertThat(err.toString().lines())
                .containsExactly(
                        "firebreak: refused (pool.saturated): the pool is full",
                        "           it is busy or its database is away; try again in 3 s");
    }

    @Test
    void namesTheVerifiersThatAnActivationWaitsFor() {
        String problem = problem(
                409,
                "keys.unconfirmed",
                "1 live verifier lacks the key: gateway/gateway-2",
                ",\"violations\":[{\"field\":\"gateway/gateway-2\",\"message\":\"has version 11 and needs 12\"}]");
        server.answer("POST keys/activate", 409, problem);

        assertThat(keys("activate", "--reason", "due")).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines())
                .containsExactly(
                        "firebreak: refused (keys.unconfirmed): 1 live verifier lacks the key: gateway/gateway-2"
                                + " (gateway/gateway-2: has version 11 and needs 12)",
                        "           ./firebreak keys list says when each was seen; mend or stop it, then try again.",
                        "           Only rotate --emergency passes over verifiers.");
        assertThat(keys("activate", "--reason", "due", "--json")).isEqualTo(1);
        assertThat(lines()).containsExactly(Documents.parse(problem).toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys.illegal_move", "keys.frozen", "keys.too_early"})
    void saysWhyAndWhatToDoWhenTheServerRefuses(String code) {
        server.answer("POST keys/publish", 409, problem(409, code, "the reason", ""));

        assertThat(keys("publish", "--reason", "due")).isEqualTo(1);
        assertThat(err.toString())
                .startsWith("firebreak: refused (" + code + "): the reason\n")
                .containsPattern("\n {11}.*\\./firebreak keys (list|plan)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prepare",
                "publish",
                "activate",
                "retire",
                "revoke",
                "rotate",
                "rotate --emergency",
                "rotate --dry-run",
                "rotate --ring refresh",
                "rotate --ring refresh --emergency --yes",
                "rotate --ring cookie"
            })
    void wantsAReasonForEveryOrder(String order) {
        assertThat(keys(order.split(" "))).isEqualTo(2);

        assertThat(err.toString()).startsWith("firebreak: ").contains("--reason");
        assertThat(server.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "revoke --force --reason why",
                "rotate --watch --reason why",
                "rotate --kid kPrK_qmx --reason why",
                "rotate --watch --emergency --dry-run --reason why",
                "revoke --reason no",
                "prepare --algorithm HS256 --reason why",
                "plan --ring cookie",
                "history --ring refresh",
                "export --ring cookie",
                "revoke --ring cookie --reason why",
                "retire --ring cookie",
                "activate --ring cookie --force",
                "rotate --ring cookie --emergency --reason why",
                "rotate --ring refresh --dry-run --reason why",
                "rotate --ring refresh --kid m1 --reason why",
                "rotate --ring refresh --yes --reason why",
                "rotate --ring refresh --emergency --watch --reason why",
                "rotate --ring refresh --emergency --force --reason why",
                "rotate --emergency --yes --reason why",
                "list --ring wedding",
                "nonsense",
                "list extra"
            })
    void refusesWhatMakesNoSense(String line) {
        assertThat(keys(line.split(" "))).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("firebreak: ").doesNotContain("\tat ");
        assertThat(server.asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x", "nonsense", "http://127.0.0.1:9002/auth", "http://a b"})
    void refusesATargetThatIsNoAddress(String target) {
        assertThat(run("keys", "--target", target)).isEqualTo(2);
        assertThat(err.toString()).contains("not an address like http://127.0.0.1:9002");
    }

    @Test
    void rotatesInAnEmergencyWithOneRequest() {
        server.answer("POST keys/rotate", 200, Documents.text("emergency"));

        assertThat(keys("rotate", "--emergency", "--reason", "key seen in a log"))
                .isZero();

        assertThat(server.questions()).containsExactly("POST keys/rotate");
        assertThat(server.asked.getFirst().body()).contains("\"emergency\":true");
        assertThat(lines()).contains("gateway/gateway-2            MISSING");
    }

    @Test
    void followsTheRenewalAfterAnEmergency() {
        server.answer("POST keys/rotate", 200, Documents.text("emergency"));
        server.answer(
                "GET keys/renewal",
                200,
                "{\"sessions\":{\"to_renew\":120,\"renewed\":37}," + "\"points\":[{\"at_ms\":1000,\"share\":0.31}]}");
        server.answer("GET keys/renewal", 200, Documents.text("renewal"));

        assertThat(keys("rotate", "--emergency", "--watch", "--reason", "key seen in a log"))
                .isZero();

        assertThat(server.questions()).containsExactly("POST keys/rotate", "GET keys/renewal", "GET keys/renewal");
        assertThat(out.toString()).contains("   1.0 s  [##").contains("  12.0 s  [##");
        assertThat(lines().getLast()).isEqualTo("All sessions are renewed: 120.");
    }

    @Test
    void followsTheRenewalThoughTheServerIsBusyAtFirst() {
        server.answer("POST keys/rotate", 200, Documents.text("emergency"));
        // More often than one question is asked again.
        for (int i = 0; i < 5; i++) {
            server.answer("GET keys/renewal", 503, problem(503, "pool.saturated", "busy", ""));
        }
        server.answer("GET keys/renewal", 200, Documents.text("renewal"));

        assertThat(keys("rotate", "--emergency", "--watch", "--reason", "key seen in a log"))
                .isZero();

        assertThat(lines().getLast()).isEqualTo("All sessions are renewed: 120.");
        assertThat(server.questions()).hasSize(7);
    }

    @Test
    void followsTheRenewalAsOneDocumentALine() {
        server.answer("POST keys/rotate", 200, Documents.text("emergency"));
        server.answer("GET keys/renewal", 200, Documents.text("renewal"));

        assertThat(keys("rotate", "--emergency", "--watch", "--json", "--reason", "key seen in a log"))
                .isZero();

        assertThat(lines())
                .containsExactly(
                        Documents.json("emergency").toString(),
                        Documents.json("renewal").toString());
    }

    @Test
    void showsAllPagesOfTheJournal() {
        server.answer(
                "GET keys/history?after=0&limit=100",
                200,
                "{\"entries\":[{\"seq\":14,\"order\":\"publish\",\"actor\":\"automatic\",\"reason\":\"due\"}],"
                        + "\"head\":\"old\",\"next\":14}");
        server.answer("GET keys/history?after=14&limit=100", 200, Documents.text("history"));

        assertThat(keys("history")).isZero();
        assertThat(out.toString()).contains("\n14 ").contains("\n17 ").doesNotContain("There are more");
        assertThat(keys("history", "--json")).isZero();
        JsonNode all = Documents.parse(out.toString());
        assertThat(all.path("entries").size()).isEqualTo(4);
        assertThat(all.path("head").asString()).startsWith("9e107d9d");
        assertThat(all.path("next").isNull()).isTrue();
    }

    @Test
    void showsTheWholeJournalWhenAsked() {
        server.answer("GET audit?after=0&limit=100", 200, Documents.text("history-all"));

        assertThat(keys("history", "--all")).isZero();

        assertThat(out.toString())
                .contains("disable  user 0192f3a4-5b6c-7d8e-9f01-23456789abcd")
                .contains("promote  refresh-key m1a2b3c4d  verifying -> making");
    }

    @Test
    void endsWithStatusOneAndTheRowWhenTheJournalIsBroken() {
        server.answer("GET keys/history/verify", 200, Documents.text("verify-broken"));

        assertThat(keys("history", "--verify")).isEqualTo(1);
        assertThat(lines()).containsExactly("The journal is BROKEN at row 9 of 17 rows: the row was edited");
        assertThat(keys("history", "--verify", "--json")).isEqualTo(1);
        assertThat(lines()).containsExactly(Documents.json("verify-broken").toString());
    }

    @Test
    void endsWithStatusZeroWhenTheJournalHolds() {
        server.answer("GET keys/history/verify", 200, Documents.text("verify-ok"));

        assertThat(keys("history", "--verify")).isZero();
        assertThat(lines()).startsWith("The journal holds: 17 rows, none deleted, edited or swapped.");
    }

    @Test
    void exportsIntoAFileThatOnlyItsOwnerReadsAndOverwritesNone() throws IOException {
        server.answer(
                "GET keys/export",
                200,
                "firebreak-trust-1 2026-11-24T12:00:00Z 00\n{ \"keys\": [], \"epoch\": \"e1\" }");
        Path file = checkout.resolve("seed.json");

        assertThat(keys("export", "--out", file.toString())).isZero();
        assertThat(file).hasContent("firebreak-trust-1 2026-11-24T12:00:00Z 00\n{ \"keys\": [], \"epoch\": \"e1\" }");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        Files.writeString(file, "mine");
        assertThat(keys("export", "--out", file.toString())).isEqualTo(1);
        assertThat(file).hasContent("mine");
        assertThat(err.toString()).contains("is there already").contains("--force");

        assertThat(keys("export", "--out", file.toString(), "--force")).isZero();
        assertThat(file).hasContent("firebreak-trust-1 2026-11-24T12:00:00Z 00\n{ \"keys\": [], \"epoch\": \"e1\" }");
        try (var files = Files.list(checkout)) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void exportsToStandardOutputAsTheServerWroteIt() {
        server.answer("GET keys/export", 200, "firebreak-trust-1 2026-11-24T12:00:00Z 00\n{ \"keys\": [] }");

        assertThat(keys("export")).isZero();
        assertThat(out.toString())
                .isEqualTo("firebreak-trust-1 2026-11-24T12:00:00Z 00\n{ \"keys\": [] }" + System.lineSeparator());
    }

    @Test
    void exportsNothingThatIsNoSeed() {
        server.answer("GET keys/export", 200, "<html>");
        Path file = checkout.resolve("seed.json");

        assertThat(keys("export", "--out", file.toString())).isEqualTo(1);
        assertThat(file).doesNotExist();
    }

    @Test
    void saysHowManySignInsAnEmergencyOfRefreshKeysEndsAndEndsNoneWithoutAYes() {
        server.answer("POST refresh-keys/emergency?dry_run=true", 200, Documents.text("refresh-emergency-dry"));

        assertThat(keys("rotate", "--ring", "refresh", "--emergency", "--reason", "in a heap dump"))
                .isEqualTo(1);

        assertThat(server.questions()).containsExactly("POST refresh-keys/emergency?dry_run=true");
        assertThat(server.asked.getFirst().body()).isEqualTo("{\"kid\":null,\"reason\":\"in a heap dump\"}");
        assertThat(lines()).startsWith("rotate: a dry run, nothing was changed. It would do this:");
        assertThat(err.toString().lines())
                .containsExactly(
                        "firebreak: nothing was done: this order ends sign-ins, 1234 at the moment, and their people sign in again",
                        "           the same with --yes carries it out");
        assertThat(keys("rotate", "--ring", "refresh", "--emergency", "--dry-run", "--reason", "in a heap dump"))
                .isZero();
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void takesLeakedRefreshKeysBackWithAYesAndWithOneRequest() {
        server.answer("POST refresh-keys/emergency", 200, Documents.text("refresh-emergency"));

        assertThat(keys("rotate", "--ring", "refresh", "--emergency", "--yes", "--reason", "in a heap dump"))
                .isZero();

        assertThat(server.questions()).containsExactly("POST refresh-keys/emergency");
        assertThat(lines()).contains("Sign-ins ended: 1234; their people sign in again.");
    }

    @Test
    void takesTheBeginningOfARefreshKeysIdAsTheTableShowsIt() {
        server.answer("GET refresh-keys", 200, "{\"keys\":[{\"id\":\"m0a1b2c3d\"},{\"id\":\"m0a1ffffe\"}]}");
        server.answer("POST refresh-keys/emergency", 404, problem(404, "refresh_key.not_found", "revoked already", ""));

        assertThat(keys(
                        "rotate",
                        "--ring",
                        "refresh",
                        "--emergency",
                        "--kid",
                        "m0a1b2c3",
                        "--yes",
                        "--reason",
                        "leaked"))
                .isEqualTo(1);

        assertThat(server.asked.getLast().body()).startsWith("{\"kid\":\"m0a1b2c3d\"");
        assertThat(err.toString()).contains("what there is: ./firebreak keys list --ring refresh");
        assertThat(keys("rotate", "--ring", "refresh", "--emergency", "--kid", "m0a1", "--yes", "--reason", "leaked"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--kid m0a1 may be any of m0a1b2c3d, m0a1ffffe");
        assertThat(server.questions())
                .filteredOn(asked -> asked.startsWith("POST"))
                .hasSize(1);
    }

    @Test
    void showsAndRotatesRefreshKeys() {
        server.answer("GET refresh-keys", 200, Documents.text("refresh"));
        server.answer("POST refresh-keys/rotate", 200, "{\"says\":[\"m4 verifies and makes none yet.\"]}");

        assertThat(keys("list", "--ring", "refresh")).isZero();
        assertThat(out.toString()).contains("waits for auth-server/auth-server-2");
        assertThat(keys("rotate", "--ring", "refresh", "--reason", "yearly")).isZero();
        assertThat(server.asked.getLast().body()).isEqualTo("{\"reason\":\"yearly\"}");
        assertThat(lines()).containsExactly("rotate: done", "m4 verifies and makes none yet.");
    }

    @Test
    void rotatesTheCookieRingInTwoStepsWithoutAServer() throws IOException {
        assertThat(keys("rotate", "--ring", "cookie", "--reason", "yearly")).isZero();
        assertThat(lines()).startsWith("rotate: done", "  c2  new -> open-only");
        assertThat(out.toString()).contains("./firebreak keys activate --ring");

        assertThat(keys("activate", "--ring", "cookie")).isZero();
        assertThat(lines()).startsWith("activate: done", "  c1  sealing -> open-only", "  c2  open-only -> sealing");

        assertThat(keys("retire", "--ring", "cookie", "--kid", "c1")).isZero();
        assertThat(keys("--ring", "cookie", "list")).isZero();
        assertThat(lines()).containsExactly("KEY  STATE", "c1   retired", "c2   sealing");
        assertThat(keys("list", "--ring", "cookie", "--json")).isZero();
        assertThat(lines())
                .containsExactly(
                        "{\"keys\":[{\"id\":\"c1\",\"state\":\"retired\"},{\"id\":\"c2\",\"state\":\"sealing\"}]}");

        assertThat(server.asked).isEmpty();
        assertThat(folder.cookieRingLog()).content().contains("[c2: new -> open-only] yearly\n");
    }

    @Test
    void changesNothingOfTheCookieRingInADryRun() throws IOException {
        String before = Files.readString(folder.cookieRing());

        assertThat(keys("rotate", "--ring", "cookie", "--reason", "yearly", "--dry-run"))
                .isZero();

        assertThat(lines()).startsWith("rotate: a dry run, nothing was changed. It would do this:");
        assertThat(folder.cookieRing()).hasContent(before);
        assertThat(folder.cookieRingLog()).doesNotExist();
    }

    @Test
    void saysHowToStartTheStackWhenItIsDown() {
        assertThat(run("keys", "list")).isEqualTo(1);
        assertThat(err.toString()).contains("is not up").contains("./firebreak up --detach");
    }

    @Test
    void saysThatNobodyAnswers() {
        server.close();

        assertThat(keys("list")).isEqualTo(1);
        assertThat(err.toString()).contains("does not answer").contains("./firebreak status");
    }

    @Test
    void helpsWithEveryCommandWithinEightyColumns() {
        CommandLine keys = Main.commandLine(new Workspace(checkout, InstantSource.system()))
                .getSubcommands()
                .get("keys");

        assertThat(keys.getSubcommands().keySet())
                .containsExactlyInAnyOrder(
                        "kek",
                        "list",
                        "plan",
                        "prepare",
                        "publish",
                        "activate",
                        "retire",
                        "revoke",
                        "rotate",
                        "history",
                        "export");
        keys.getSubcommands()
                .forEach((name, command) ->
                        assertThat(command.getUsageMessage().lines()).as(name).allMatch(line -> line.length() <= 80));
    }

    private static String problem(int status, String code, String detail, String more) {
        return "{\"type\":\"/errors/%s\",\"title\":\"t\",\"status\":%d,\"code\":\"%s\",\"detail\":\"%s\"%s}"
                .formatted(code, status, code, detail, more);
    }

    private List<String> lines() {
        return out.toString().lines().toList();
    }

    private int keys(String... arguments) {
        List<String> all = new ArrayList<>(List.of("keys", "--target", server.url()));
        all.addAll(List.of(arguments));
        return run(all.toArray(String[]::new));
    }

    private int run(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        return Main.commandLine(new Workspace(checkout, InstantSource.system()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
