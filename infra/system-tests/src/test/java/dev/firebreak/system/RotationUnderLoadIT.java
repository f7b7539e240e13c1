package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.ApiClient;
import dev.firebreak.system.harness.Await;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.Figures;
import dev.firebreak.system.harness.HtmlForm;
import dev.firebreak.system.harness.KeyTable;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SecondAuthServer;
import dev.firebreak.system.harness.SecondGateway;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tally;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.Traffic;
import dev.firebreak.system.harness.Users;
import dev.firebreak.system.harness.Wire;
import dev.firebreak.system.harness.WithStack;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Two authorization servers, two gateways and a task service under load, while the signing key is rotated by the schedule,
 * by order, and in an emergency. Browsers are renewed and bearers of a revoked key renew themselves; nobody sees anything
 * else.
 */
@WithStack
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RotationUnderLoadIT {
    private static final String GROUP = "Rotation under load, 2 authorization servers, 2 gateways";
    private static final String SCHEDULED = "scheduled";
    private static final String MANUAL = "manual";
    private static final String EMERGENCY = "emergency";
    private static final String ELSEWHERE = "emergency at the other node";
    private static final List<String> PHASES = List.of(SCHEDULED, MANUAL, EMERGENCY, ELSEWHERE);
    private static final String READS = "browser reads";
    private static final String WRITES = "browser writes";
    private static final String SESSIONS = "browser sessions";
    private static final String BEARERS = "bearer reads";
    private static final String SERVICES = "services with a new token each";
    private static final List<String> BROWSERS = List.of(READS, WRITES, SESSIONS);
    private static final List<String> LANES = List.of(READS, WRITES, SESSIONS, BEARERS, SERVICES);

    /** "Revocation of a key … reaches every verifier in less than 5 s." */
    private static final Duration IN_FORCE_WITHIN = Duration.ofSeconds(5);

    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(60);

    /** Load goes on for so long after each rotation: longer than any loop takes to notice it. */
    private static final Duration AFTERWARDS = Duration.ofSeconds(6);

    /** Another node reads the key table every half second: until then it may sign with what was revoked. */
    private static final int RENEWALS_AT_MOST = 40;

    private static final String KEYS = "/auth/internal/v1/ops/keys";

    private final SystemStack stack;
    private final KeyTable keys;
    private final AtomicInteger turns = new AtomicInteger();
    private final AtomicInteger toldToComeBack = new AtomicInteger();
    private final AtomicInteger renewed = new AtomicInteger();
    private SecondAuthServer secondAuth;
    private SecondGateway secondGateway;

    /** Keys whose tokens may be refused from now on. */
    private volatile Set<String> revoked = Set.of();

    RotationUnderLoadIT(SystemStack stack) {
        this.stack = stack;
        this.keys = new KeyTable(() -> stack.superuser(Part.AUTH_DB));
    }

    @BeforeAll
    void startTheSecondNodes() {
        secondAuth = new SecondAuthServer(stack);
        secondAuth.startAndAwait();
        String internal = "http://127.0.0.1:" + secondAuth.internalPort();
        secondGateway = new SecondGateway(
                stack,
                Map.of(
                        "gateway.auth-upstream",
                        secondAuth.direct().toString(),
                        "gateway.internal-upstream",
                        internal,
                        "firebreak.trust.url",
                        internal + "/auth/internal/v1/trust"));
    }

    @AfterAll
    void stopTheSecondNodes() {
        if (secondGateway != null) {
            secondGateway.close();
        }
        if (secondAuth != null) {
            secondAuth.close();
        }
    }

    /** The three processes that judge tokens, by their names in the trust feed. */
    private Map<String, URI> verifiers() {
        Map<String, URI> verifiers = new LinkedHashMap<>();
        verifiers.put("gateway/gateway-1", stack.origin());
        verifiers.put("gateway/gateway-2", secondGateway.uri());
        verifiers.put("task-service/" + Part.TASK_SERVICE.id(), stack.direct(Part.TASK_SERVICE));
        return verifiers;
    }

    @Test
    @Timeout(400)
    void rotationsAreNoticedByNobody() {
        Person person = stack.users().create();
        Traffic traffic = new Traffic(SCHEDULED);
        KeyTable.Watch watch = keys.watch();
        List<String> tokens = new ArrayList<>();
        JsonNode answer;
        Map<String, Duration> refused;

        try (traffic;
                watch) {
            start(traffic, person);

            tokens.add(stack.users().bearer(person));
            rotateBySchedule();
            tokens.add(tokenOfTheActiveKey(person));
            assertAccepted(tokens);
            goOn();

            traffic.phase(MANUAL);
            rotateByOrder();
            tokens.add(tokenOfTheActiveKey(person));
            assertAccepted(tokens);
            goOn();

            traffic.phase(EMERGENCY);
            assertThat(tokens.stream().map(RotationUnderLoadIT::kid).distinct()).hasSize(3);
            Map<String, CompletableFuture<Instant>> refusals = watchForRefusal(tokens.getLast());
            revoked = keys.all();
            answer = order(secondAuth.internalPort(), Map.of("reason", "system test", "emergency", true))
                    .expect(200)
                    .json();
            assertRefused(tokens);
            refused = sinceTheRevocation(kid(tokens.getLast()), refusals);
            String fresh = tokenOfTheActiveKey(person);
            assertAccepted(List.of(fresh));
            goOn();

            // The service asks this node, the second gateway the other one: here the service hears first.
            traffic.phase(ELSEWHERE);
            revoked = keys.all();
            order(stack.ports().authInternal(), Map.of("reason", "system test", "emergency", true))
                    .expect(200);
            assertRefused(List.of(fresh));
            assertAccepted(List.of(tokenOfTheActiveKey(person)));
            goOn();
        }

        report(traffic, watch, answer, refused);
        assertThat(watch.wrong()).as("moments without exactly one active key").isEmpty();
        assertThat(answer.path("missing").toString()).isEqualTo("[]");
        assertThat(answer.path("effective")
                        .valueStream()
                        .map(it -> it.path("verifier").asString()))
                .containsExactlyInAnyOrderElementsOf(verifiers().keySet());
        assertThat(answer.path("effective")
                        .valueStream()
                        .map(it -> it.path("after_ms").asLong()))
                .allMatch(after -> after < IN_FORCE_WITHIN.toMillis());
        assertThat(refused.values()).allMatch(after -> after.compareTo(IN_FORCE_WITHIN) < 0);
        assertThat(renewed.get()).as("bearers were refused, and renewed").isPositive();
        for (String phase : PHASES) {
            for (String lane : LANES) {
                Tally tally = traffic.tally(lane, phase);
                // A service has no tasks of its own: being told so means that its token was accepted.
                String good = lane.equals(WRITES) ? "201" : lane.equals(SERVICES) ? "403 auth.user_required" : "200";
                assertThat(tally.outcomes())
                        .as(phase + " " + lane + " " + tally)
                        .containsOnlyKeys(good);
            }
        }
    }

    private void start(Traffic traffic, Person person) {
        List<URI> gateways = List.of(stack.origin(), secondGateway.uri());
        for (URI gateway : gateways) {
            for (Person each :
                    List.of(person, stack.users().create(), stack.users().create())) {
                // As behind a load balancer: sign-in was at the first one, the cookie is good at both.
                Browser browser =
                        new Browser(gateway, stack.users().signedIn(each).cookies());
                Tasks tasks = new Tasks((method, path, json, headers) -> fetch(browser, method, path, json, headers));
                traffic.lane(READS, 1, PAUSE, () -> obeying(tasks::list));
                traffic.lane(WRITES, 1, PAUSE, () -> obeying(() -> tasks.add("x")));
                traffic.lane(
                        SESSIONS, 1, PAUSE, () -> obeying(() -> fetch(browser, "GET", "/session", null, Map.of())));
            }
            Bearer bearer = new Bearer(gateway, stack.users().tokens(person));
            traffic.lane(BEARERS, 1, PAUSE, bearer::call);
        }
        traffic.lane(SERVICES, 2, PAUSE, this::withNewToken);
    }

    /** Both gateways have one public origin, whatever port this test finds them at. */
    private Answer fetch(Browser browser, String method, String path, String json, Map<String, String> headers) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        if (!method.equals("GET")) {
            all.put("Origin", stack.origin().toString());
        }
        return browser.fetch(method, path, json, all);
    }

    /** Lets the dates pass by which the schedule goes, in the table itself: nobody orders anything. */
    private void rotateBySchedule() {
        String before = keys.active();
        Set<String> known = keys.all();
        sql("UPDATE signing_key SET activated_at = activated_at - interval '31 days' WHERE state = 'active'");
        Await.until(
                "the schedule publishes the next key",
                DEADLINE,
                () -> keys.stage(known, before),
                stage -> stage.startsWith("2 after it was published") || stage.startsWith("3"));
        sql("UPDATE signing_key SET published_at = published_at - interval '25 hours' WHERE state = 'published'");
        awaitSigning(before, "scheduled");
    }

    private void rotateByOrder() {
        String before = keys.active();
        JsonNode answer = order(stack.ports().authInternal(), Map.of("reason", "system test", "force", true))
                .expect(200)
                .json();
        assertThat(answer.path("missing").toString()).isEqualTo("[]");
        awaitSigning(before, "ordered");
    }

    private void awaitSigning(String before, String how) {
        Duration took = Await.until(
                how + ": another key is active", DEADLINE, () -> !keys.active().equals(before));
        Figures.record(GROUP, how + ", until the next key was active", took);
        String next = keys.active();
        for (URI node : List.of(stack.direct(Part.AUTH_SERVER), secondAuth.direct())) {
            Await.until(
                    how + ": " + node + " signs with it",
                    DEADLINE,
                    () -> kid(grant(node).expect(200)),
                    next::equals);
        }
    }

    private Answer order(int internalPort, Map<String, ?> body) {
        URI internal = URI.create("http://127.0.0.1:" + internalPort);
        return new ApiClient(internal, stack.users().assertion("operator-cli"))
                .post(KEYS + "/rotate", JsonMapper.shared().writeValueAsString(body));
    }

    /** Keeps asking each verifier with a token; done when it is refused. Anything but "good" before is a failure. */
    private Map<String, CompletableFuture<Instant>> watchForRefusal(String token) {
        Map<String, CompletableFuture<Instant>> refusals = new LinkedHashMap<>();
        verifiers().forEach((name, uri) -> {
            CompletableFuture<Instant> refusal = new CompletableFuture<>();
            refusals.put(name, refusal);
            Thread.ofVirtual().name("refusal-" + name).start(() -> {
                try {
                    Answer answer = new ApiClient(uri, token).get(Tasks.PATH);
                    while (answer.status() == 200) {
                        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
                        answer = new ApiClient(uri, token).get(Tasks.PATH);
                    }
                    Instant now = stack.clock().instant();
                    answer.expectProblem(401, "auth.token_revoked");
                    refusal.complete(now);
                } catch (RuntimeException | AssertionError e) {
                    refusal.completeExceptionally(e);
                }
            });
        });
        return refusals;
    }

    private Map<String, Duration> sinceTheRevocation(String kid, Map<String, CompletableFuture<Instant>> refusals) {
        JsonNode list = new ApiClient(
                        URI.create("http://127.0.0.1:" + stack.ports().authInternal()),
                        stack.users().assertion("operator-cli"))
                .get(KEYS)
                .expect(200)
                .json();
        Instant at = list.path("keys")
                .valueStream()
                .filter(key -> key.path("kid").asString().equals(kid))
                .map(key -> Instant.parse(key.path("revoked_at").asString()))
                .findFirst()
                .orElseThrow();
        Map<String, Duration> since = new LinkedHashMap<>();
        refusals.forEach((name, refusal) -> since.put(name, Duration.between(at, refusal.join())));
        return since;
    }

    private void assertAccepted(List<String> tokens) {
        verifiers()
                .forEach((name, uri) -> assertThat(tokens)
                        .as(name)
                        .allSatisfy(token ->
                                new ApiClient(uri, token).get(Tasks.PATH).expect(200)));
    }

    private void assertRefused(List<String> tokens) {
        verifiers()
                .forEach((name, uri) -> assertThat(tokens)
                        .as(name)
                        .allSatisfy(token ->
                                new ApiClient(uri, token).get(Tasks.PATH).expectProblem(401, "auth.token_revoked")));
    }

    private String tokenOfTheActiveKey(Person person) {
        String token = Await.until(
                "a person's token is signed with the active key",
                DEADLINE,
                () -> stack.users().bearer(person),
                it -> kid(it).equals(keys.active()));
        return token;
    }

    private static void goOn() {
        LockSupport.parkNanos(AFTERWARDS.toNanos());
    }

    /** A client with a token of its own, which it renews when its key was revoked and for no other reason. */
    private final class Bearer {
        private final URI gateway;
        private Users.Tokens tokens;

        Bearer(URI gateway, Users.Tokens tokens) {
            this.gateway = gateway;
            this.tokens = tokens;
        }

        Answer call() {
            Answer answer = new ApiClient(gateway, tokens.access()).get(Tasks.PATH);
            for (int i = 0; i < RENEWALS_AT_MOST && isRightlyRefused(answer, tokens.access()); i++) {
                renew();
                answer = new ApiClient(gateway, tokens.access()).get(Tasks.PATH);
            }
            return answer;
        }

        private void renew() {
            JsonNode json = stack.users()
                    .token(Map.of(
                            "grant_type",
                            "refresh_token",
                            "client_id",
                            "firebreak-cli",
                            "refresh_token",
                            tokens.refresh()))
                    .expect(200)
                    .json();
            tokens = new Users.Tokens(
                    json.path("access_token").asString(),
                    json.path("refresh_token").asString(),
                    "",
                    Duration.ofSeconds(json.path("expires_in").asLong()));
            renewed.incrementAndGet();
        }
    }

    private boolean isRightlyRefused(Answer answer, String token) {
        if (!answer.outcome().equals("401 auth.token_revoked") || !revoked.contains(kid(token))) {
            return false;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
        return true;
    }

    /** A service asks either node, and calls either gateway. */
    private Answer withNewToken() {
        int turn = turns.incrementAndGet();
        URI node = turn % 2 == 0 ? stack.direct(Part.AUTH_SERVER) : secondAuth.direct();
        URI gateway = turn % 4 < 2 ? stack.origin() : secondGateway.uri();
        Answer grant = grant(node);
        Answer answer = grant.status() == 200 ? call(gateway, grant) : grant;
        for (int i = 0; i < RENEWALS_AT_MOST && grant.status() == 200 && isRightlyRefused(answer, access(grant)); i++) {
            grant = grant(node);
            answer = grant.status() == 200 ? call(gateway, grant) : grant;
            renewed.incrementAndGet();
        }
        return answer;
    }

    private static Answer call(URI gateway, Answer grant) {
        return new ApiClient(gateway, access(grant)).get(Tasks.PATH);
    }

    private Answer grant(URI node) {
        return Wire.send(
                "POST",
                node.resolve("/auth/oauth2/token"),
                Map.of("Content-Type", "application/x-www-form-urlencoded", "Accept", "application/json"),
                HtmlForm.encode(stack.users().clientCredentialsForm("demo-service", "tasks:read")));
    }

    /** A browser's script that comes back when it was told to, once; only for a session that is being renewed. */
    private Answer obeying(Supplier<Answer> call) {
        Answer answer = call.get();
        if (!answer.outcome().equals("503 session.renewing")) {
            return answer;
        }
        toldToComeBack.incrementAndGet();
        LockSupport.parkNanos(
                Duration.ofSeconds(Long.parseLong(answer.header("retry-after"))).toNanos());
        return call.get();
    }

    private void sql(String update) {
        try (Connection connection = stack.superuser(Part.AUTH_DB);
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(update)).isEqualTo(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String access(Answer grant) {
        return grant.json().path("access_token").asString();
    }

    private static String kid(Answer grant) {
        return kid(access(grant));
    }

    private static String kid(String token) {
        byte[] header = Base64.getUrlDecoder().decode(token.substring(0, token.indexOf('.')));
        return JsonMapper.shared()
                .readTree(new String(header, StandardCharsets.UTF_8))
                .path("kid")
                .asString();
    }

    private void report(Traffic traffic, KeyTable.Watch watch, JsonNode answer, Map<String, Duration> refused) {
        int browsers = 0;
        for (String phase : PHASES) {
            for (String lane : LANES) {
                Tally tally = traffic.tally(lane, phase);
                browsers += BROWSERS.contains(lane) ? tally.count() : 0;
                Figures.record(GROUP, phase + ": " + lane, tally.summary());
            }
        }
        answer.path("effective")
                .forEach(it -> Figures.record(
                        GROUP,
                        "emergency, in force at " + it.path("verifier").asString() + " by its own word after",
                        Duration.ofMillis(it.path("after_ms").asLong())));
        refused.forEach((verifier, after) ->
                Figures.record(GROUP, "emergency, first refusal at " + verifier + " after", after));
        Figures.record(
                GROUP,
                "browsers told session.renewing that succeeded when they obeyed",
                String.format(
                        Locale.ROOT,
                        "%d of %d requests, %.3f %%",
                        toldToComeBack.get(),
                        browsers,
                        100.0 * toldToComeBack.get() / Math.max(1, browsers)));
        Figures.record(GROUP, "renewals of bearers and services", Integer.toString(renewed.get()));
        Figures.record(
                GROUP,
                "looks at the key table / without exactly one active key",
                watch.looks() + " / " + watch.wrong().size());
    }
}
