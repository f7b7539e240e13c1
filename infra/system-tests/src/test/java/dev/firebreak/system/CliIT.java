package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Ports;
import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.ApiClient;
import dev.firebreak.system.harness.Await;
import dev.firebreak.system.harness.Background;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.Checkout;
import dev.firebreak.system.harness.Command;
import dev.firebreak.system.harness.Figures;
import dev.firebreak.system.harness.HtmlForm;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The newcomer's path, through the real command line and nothing else: up, token, tasks, accounts, status, down, and the
 * script in the foreground. First of all classes, so that the start is measured on a machine that does nothing else.
 */
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CliIT {
    private static final Duration START_PROMISE = Duration.ofSeconds(30);

    /** The suite's machine may be shared, and the promise is not about that: past twice of it the start itself has grown. */
    private static final Duration START_BOUND = START_PROMISE.multipliedBy(2);

    private static final Duration SOON = Duration.ofSeconds(20);

    private final Checkout checkout = new Checkout(Ports.free(Figures.random("CliIT")));
    private final URI origin = checkout.origin();
    private Command.Result up;

    @BeforeAll
    @Timeout(150)
    void up() {
        long start = System.nanoTime();
        up = firebreak("up", "--detach").expectSuccess();
        Answer first = new ApiClient(origin, null).get("/");
        Duration firstServed = Duration.ofNanos(System.nanoTime() - start);
        first.expect(200);
        Figures.record("Start", "firebreak up (built, fresh data), until the first served request", firstServed);
        assertThat(firstServed).as(up.toString()).isLessThan(START_BOUND);
    }

    @AfterAll
    @Timeout(60)
    void down() {
        checkout.close();
    }

    @Test
    void upEndsWithACardThatSaysWhatToDoNext() {
        assertThat(up.out())
                .contains(origin.toString())
                .contains("alice@example.com")
                .contains("curl")
                .contains(".firebreak");
    }

    @Test
    void tokenAsAliceListsTasks() {
        String token =
                firebreak("token", "--as", "alice@example.com").expectSuccess().out();

        Answer tasks = new ApiClient(origin, token.strip()).get(Tasks.PATH).expect(200);

        assertThat(tasks.json().path("items").isArray()).isTrue();
    }

    @Test
    void tokenAsAClientIsTheClientsOwn() {
        String token =
                firebreak("token", "--client", "demo-service").expectSuccess().out();

        // Tasks belong to people: the token is good, and there is nobody whose tasks these could be.
        assertThat(new ApiClient(origin, token.strip()).get(Tasks.PATH).outcome())
                .isIn("200", "403 auth.user_required");
    }

    @Test
    void tokenExplainsItselfWithoutShowingItself() {
        String words =
                firebreak("token", "--as", "alice", "--explain").expectSuccess().out();

        assertThat(words)
                .contains("at+jwt", "ES256")
                .contains(origin + "/auth", origin + "/api", "tasks:read tasks:write")
                .containsPattern("Expiry  in 14 min|Expiry  in 15 min")
                .contains("auth.token_invalid")
                .doesNotContain("eyJ");
    }

    @Test
    void loginBringsTheTokensOfTheBrowsersSignIn() {
        try (Background login = checkout.start("login")) {
            URI address = URI.create(login.awaitLine(origin + "/auth/oauth2/authorize?", SOON));
            Browser browser = new Browser(origin, InstantSource.system());

            Answer signedIn = fillIn(browser, browser.navigate(address.toString()), Person.BOB);
            URI callback = signedIn.location();
            assertThat(callback).as(signedIn::toString).isNotNull();
            assertThat(callback.getHost()).isEqualTo("127.0.0.1");
            Answer page = Wire.send("GET", callback, Map.of(), null);

            assertThat(page.expect(200).body()).contains("You are signed in");
            assertThat(login.awaitEnd(SOON)).as(login.output()).isZero();
            assertThat(login.output()).contains("Signed in until").doesNotContain("eyJ");
        }
        String token = firebreak("token").expectSuccess().out();
        new ApiClient(origin, token.strip()).get(Tasks.PATH).expect(200);
    }

    @Test
    void anOperatorsLoginBringsTokensThatAreGoodForOperatorsEndpointsOnly() {
        try (Background login = checkout.start("login", "--operator", "--step-up")) {
            URI address = URI.create(login.awaitLine(origin + "/auth/oauth2/authorize?", SOON));
            assertThat(address.getQuery()).contains("prompt=login", "resource=" + origin + "/ops");
            Browser browser = new Browser(origin, InstantSource.system());

            URI callback = fillIn(browser, browser.navigate(address.toString()), Person.OPS)
                    .location();
            Wire.send("GET", callback, Map.of(), null).expect(200);

            assertThat(login.awaitEnd(SOON)).as(login.output()).isZero();
        }
        String token = firebreak("token", "--operator").expectSuccess().out().strip();
        assertThat(firebreak("token", "--operator", "--explain").expectSuccess().out())
                .contains(origin + "/ops", "keys:manage", "operator", "auth_time");
        assertThat(new ApiClient(origin, token).get(Tasks.PATH).status()).isEqualTo(401);
    }

    @Test
    void bootstrapIsRefusedWhereAnOperatorExists() {
        Command.Result refused = firebreak("bootstrap", "operator", "--email", "another@example.org");

        assertThat(refused.exit()).as(refused.toString()).isEqualTo(1);
        assertThat(refused.err()).contains("there is an operator already").doesNotContain("\tat ");
    }

    @Test
    void theFormAndACookieJarListTasksToo() {
        Browser browser = new Browser(origin, InstantSource.system());

        fillIn(browser, browser.navigate("/login?return_to=/"), Person.ALICE).expect(200);

        Tasks.of(browser).list().expect(200);
    }

    @Test
    void statusNamesEveryPart() {
        JsonNode parts = status().path("parts");

        Map<String, String> states = parts.valueStream()
                .collect(Collectors.toMap(
                        p -> p.path("name").asString(), p -> p.path("state").asString()));
        assertThat(states.keySet())
                .containsExactlyInAnyOrder("auth-db", "tasks-db", "auth-server-1", "task-service-1", "gateway-1");
        assertThat(states.values()).containsOnly("ready");
        assertThat(parts).allSatisfy(part -> {
            assertThat(part.path("pid").isIntegralNumber()).isTrue();
            assertThat(part.path("port").isIntegralNumber()).isTrue();
            assertThat(part.path("uptime_s").isIntegralNumber()).isTrue();
        });
    }

    @Test
    void statusFeedsAShell() {
        String variables = firebreak("status", "--env").expectSuccess().out();
        String script = "eval \"$1\"; echo \"$FIREBREAK_UP|$FIREBREAK_URL|$FIREBREAK_API|$FIREBREAK_HOME\"";

        Command.Result shell =
                Command.run(checkout.folder(), SOON, Map.of(), List.of("/bin/sh", "-euc", script, "sh", variables));

        assertThat(shell.expectSuccess().out().strip())
                .isEqualTo("true|" + origin + "|" + origin + "/api/v1|"
                        + checkout.folder().resolve(".firebreak"));
    }

    @Test
    void doctorFindsNothingToMend() {
        JsonNode checks = JsonMapper.shared()
                .readTree(firebreak("doctor", "--json").expectSuccess().out())
                .path("checks");

        assertThat(checks.valueStream().map(check -> check.path("name").asString()))
                .contains("java", "memory", "disk", "chromium", "node");
        assertThat(checks.valueStream().map(check -> check.path("verdict").asString()))
                .doesNotContain("fail");
        assertThat(firebreak("doctor").expectSuccess().out()).contains("ok    java");
    }

    @Test
    void logsFollowOneRequestByItsTrace() {
        String token = firebreak("token", "--as", "alice").expectSuccess().out().strip();
        Answer missing = new ApiClient(origin, token)
                .get(Tasks.PATH + "/0197f5e6-0000-7000-8000-000000000000")
                .expect(404);
        String trace = missing.json().path("trace_id").asString();

        String lines = firebreak("logs", "--trace", trace).expectSuccess().out();

        assertThat(lines.lines()).isNotEmpty().allMatch(line -> line.contains(trace));
        assertThat(lines).contains("task-service-1").contains("404");
        assertThat(firebreak("logs", "--trace", "00000000000000000000000000000001")
                        .exit())
                .isEqualTo(1);
    }

    @Test
    void listsTheDemoAccounts() {
        String users = firebreak("users", "list").expectSuccess().out();

        assertThat(users).contains("alice@example.com", "bob@example.com", "ops@example.com", "operator");
    }

    @Test
    @Timeout(150)
    void administersAccounts() throws IOException {
        String carol = "carol@example.com";
        Map<String, String> password = Map.of("FIREBREAK_PASSWORD", "correct horse battery staple");
        Path file = Files.writeString(checkout.folder().resolve("carol.password"), password.get("FIREBREAK_PASSWORD"));

        firebreak("users", "add", carol, "--name", "Carol", "--password-file", file.toString())
                .expectSuccess();
        String token = checkout.firebreak(password, "token", "--as", carol)
                .expectSuccess()
                .out()
                .strip();
        ApiClient asCarol = new ApiClient(origin, token);
        asCarol.get(Tasks.PATH).expect(200);

        firebreak("users", "disable", carol).expectSuccess();
        Await.until("the token is refused", SOON, () -> asCarol.get(Tasks.PATH).status(), status -> status == 401);
        assertThat(checkout.firebreak(password, "token", "--as", carol).exit()).isEqualTo(1);
        assertThat(account(carol).path("disabled").asBoolean()).isTrue();

        firebreak("users", "enable", carol).expectSuccess();
        firebreak("users", "role", carol, "operator").expectSuccess();
        assertThat(account(carol).path("role").asString()).isEqualTo("operator");
        String words = checkout.firebreak(password, "token", "--as", carol, "--explain")
                .expectSuccess()
                .out();
        assertThat(words).containsPattern("roles +\\[\"operator\"]");
    }

    @Test
    void saysUsageWithStatusTwo() {
        assertThat(firebreak("no-such-command").exit()).isEqualTo(2);
        assertThat(firebreak("token", "--as").exit()).isEqualTo(2);
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    @Timeout(60)
    void downLeavesNoProcess() {
        Set<Long> pids = new TreeSet<>();
        status().path("parts").forEach(part -> {
            long pid = part.path("pid").asLong();
            pids.add(pid);
            ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants).forEach(child -> pids.add(child.pid()));
        });
        assertThat(pids).as("services, databases and what these started").hasSizeGreaterThan(10);

        Command.Result down = firebreak("down").expectSuccess();

        Figures.record("Start", "firebreak down", down.took());
        // A process that has ended keeps its number until init has read its status, which takes a busy machine a
        // moment.
        Await.until(
                "no process left",
                Duration.ofSeconds(10),
                () -> pids.stream()
                        .filter(pid -> ProcessHandle.of(pid).isPresent())
                        .toList(),
                List::isEmpty);
        assertNothingRuns();
    }

    /** Over the data of the stack before, by the script itself. */
    @Test
    @Order(Integer.MAX_VALUE)
    @Timeout(150)
    void ctrlCEndsTheScriptInTheForegroundAndLeavesNoProcess() {
        try (Background script = checkout.startScript("up")) {
            script.awaitLine("Ctrl-C stops everything", Duration.ofSeconds(100));
            new ApiClient(origin, null).get("/").expect(200);

            script.interrupt();

            // 128 + SIGINT, as a shell expects it.
            assertThat(script.awaitEnd(Duration.ofSeconds(45)))
                    .as(script.output())
                    .isEqualTo(130);
        }
        assertNothingRuns();
    }

    private void assertNothingRuns() {
        assertThat(checkout.processes()).isEmpty();
        assertThat(status().path("parts")
                        .valueStream()
                        .map(part -> part.path("state").asString()))
                .containsOnly("stopped");
    }

    private static Answer fillIn(Browser browser, Answer page, Person person) {
        return browser.submit(HtmlForm.withField(page, "password")
                .with("username", person.email())
                .with("password", person.password()));
    }

    private JsonNode account(String email) {
        return JsonMapper.shared()
                .readTree(firebreak("users", "list", "--json").expectSuccess().out())
                .path("users")
                .valueStream()
                .filter(user -> user.path("email").asString().equals(email))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode status() {
        return JsonMapper.shared()
                .readTree(firebreak("status", "--json").expectSuccess().out());
    }

    private Command.Result firebreak(String... arguments) {
        return checkout.firebreak(arguments);
    }
}
