package dev.firebreak.auth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.TestBrowser;
import dev.firebreak.auth.TestBrowser.Page;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople;
import dev.firebreak.auth.TestServer;
import dev.firebreak.auth.trust.HeldPolls;
import dev.firebreak.auth.user.HeldHashes;
import dev.firebreak.contracts.http.Headers;
import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.test.BusyPool;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.StatementCounter;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One small server without room: in flight, in the queue before its pool. What it refuses, and what it must not. */
class FullServerIT {
    private static final int CONNECTIONS = 2;
    /** The lanes have 6, 8, 3, 2 and 1 of them. */
    private static final int IN_FLIGHT = 20;
    /** Sign-ins may also have what the two lanes below theirs leave idle. */
    private static final int SIGN_INS = 6;
    /** Places in the queue; the lanes have 1, 2, 1, none and none of them, and idle ones are lent. */
    private static final int PLACES = 4;
    /** A waiter has a second. A machine that stalls for as long spoils a try, not the promise. */
    private static final int TRIES = 5;

    private static final Duration LONG = Duration.ofSeconds(20);

    private static TestServer server;
    private static TestPeople people;

    @TestConfiguration(proxyBeanMethods = false)
    static class Counting {
        @Bean
        static StatementCounter statementCounter() {
            return new StatementCounter();
        }
    }

    /** Ends what a test holds, however the test ends. */
    private interface Hold extends AutoCloseable {
        @Override
        void close();
    }

    @BeforeAll
    static void start() {
        server = new TestServer(
                CONNECTIONS,
                Map.of(
                        "firebreak.overload.max-in-flight", String.valueOf(IN_FLIGHT),
                        "firebreak.pools.identity.max-waiters", String.valueOf(PLACES)),
                HeldHashes.class,
                HeldPolls.class,
                Counting.class);
        people = new TestPeople(server.bean(JdbcClient.class), server.clock);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void begin() {
        awaitNobody();
        awaitDatabase();
    }

    /** An answer can be read before its request has left. */
    private static void awaitNobody() {
        Eventually.within(LONG, "nobody is in flight", () -> inFlight() == 0);
    }

    /** On a machine that stalls, many requests at once can make the probe take the database for gone. */
    private static void awaitDatabase() {
        Eventually.within(
                LONG,
                "the database is not taken for gone",
                () -> gauge("firebreak.pool.breaker.open", "pool", "identity") == 0);
    }

    @Test
    void aRenewalIsServedWhileSignInsFillTheirPartOfTheRequestsInFlight() {
        String refreshToken = server.oauth.tokens(people.signIn()).text("refresh_token");
        String code = server.oauth.code(people.signIn());
        HeldHashes hashes = server.bean(HeldHashes.class);
        Callable<Page> attempt =
                () -> new TestBrowser(server.port()).signIn(UUID.randomUUID() + "@example.com", "no password");

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Hold _ = hashes::release) {
            List<Future<Page>> signIns = new ArrayList<>();
            for (int i = 0; i < SIGN_INS; i++) {
                signIns.add(threads.submit(attempt));
            }
            Eventually.within(LONG, "every sign-in waits for its hash", () -> {
                // One that met a stalled machine, or the last leftovers of another request, comes again.
                signIns.replaceAll(it -> it.isDone() ? threads.submit(attempt) : it);
                return hashes.begun() == SIGN_INS;
            });
            awaitDatabase();
            double refusedBefore = refused(Lane.LOGIN);

            Answer renewal = server.oauth.refresh(refreshToken);
            Answer exchange = server.oauth.exchange(code);
            Answer signIn = server.oauth.post("/auth/login", Map.of("username", "nobody@example.com"));

            assertThat(renewal.status()).isEqualTo(200);
            assertTemporarilyUnavailable(exchange);
            assertNoRoom(signIn, "service.saturated");
            assertThat(refused(Lane.LOGIN) - refusedBefore).isEqualTo(2);
            assertThat(refused(Lane.KEEP)).isZero();
            assertThat(inFlight(Lane.LOGIN)).isEqualTo(SIGN_INS);
            assertThat(signIns).as("nobody was waited for").noneMatch(Future::isDone);
        }
        awaitNobody();
        assertThat(server.oauth.exchange(code).status())
                .as("a refusal does not spend a code")
                .isEqualTo(200);
    }

    @Test
    void pollsOfTrustAreNoRequestsInFlightHoweverManyAreHeld() throws Exception {
        int many = IN_FLIGHT + 5;
        HeldPolls polls = server.bean(HeldPolls.class);
        List<Future<Answer>> held = new ArrayList<>();
        double refusedBefore = refused();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Hold _ = polls::release) {
            for (int i = 0; i < many; i++) {
                held.add(threads.submit(
                        () -> server.oauth.send(server.oauth.internal("/auth/internal/v1/trust", "gateway"))));
            }
            Eventually.within(
                    LONG,
                    "every poll is held, or one was refused",
                    () -> polls.held() == many || held.stream().anyMatch(Future::isDone));

            assertThat(polls.held()).isEqualTo(many);
            assertThat(inFlight()).isZero();
            awaitDatabase();
            Answer signedIn = server.oauth.tokens(people.signIn());
            assertThat(server.oauth.refresh(signedIn.text("refresh_token")).status())
                    .isEqualTo(200);
            assertThat(refused()).isEqualTo(refusedBefore);
            assertThat(held).noneMatch(Future::isDone);
        }
        for (Future<Answer> poll : held) {
            assertThat(poll.get().status()).isEqualTo(200);
        }
    }

    @Test
    void aRenewalIsServedBeforeTheSignInsThatFillTheQueue() throws Exception {
        Optional<Overtaking> unspoilt = Optional.empty();
        for (int i = 0; i < TRIES && unspoilt.isEmpty(); i++) {
            unspoilt = overtake().filter(it -> it.renewal().status() == 200);
        }

        assertThat(unspoilt).isPresent();
        assertTemporarilyUnavailable(unspoilt.get().furtherSignIn());
        assertThat(unspoilt.get().counted()).as("refused by the pool").isEqualTo(1);
        assertThat(unspoilt.get().served()).first().asString().startsWith("UPDATE refresh_family");
    }

    /** What a full queue of sign-ins did to one more and to a renewal; in what order it was served. */
    private record Overtaking(Answer furtherSignIn, double counted, Answer renewal, List<String> served) {}

    /** Empty if the sign-ins did not come together, or did not wait for long enough. */
    private static Optional<Overtaking> overtake() throws Exception {
        String refreshToken = server.oauth.tokens(people.signIn()).text("refresh_token");
        String further = server.oauth.code(people.signIn());
        List<String> codes = Stream.generate(() -> server.oauth.code(people.signIn()))
                .limit(PLACES)
                .toList();
        StatementCounter statements = server.bean(StatementCounter.class);
        awaitNobody();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                BusyPool _ = busy(CONNECTIONS - 1);
                BusyPool last = busy(1)) {
            List<Future<Answer>> signIns = codes.stream()
                    .map(code -> threads.submit(() -> server.oauth.exchange(code)))
                    .toList();
            awaitWaiting(signIns);
            double before = rejected();
            Answer furtherSignIn = server.oauth.exchange(further);
            double counted = rejected() - before;
            // Whoever is there now was there all the time, so that nobody else can have waited.
            if (waiting(Lane.LOGIN) < PLACES) {
                return Optional.empty();
            }
            statements.reset();
            Future<Answer> renewal = threads.submit(() -> server.oauth.refresh(refreshToken));
            Eventually.within(
                    LONG,
                    "the renewal has taken a place back",
                    () -> waiting(Lane.KEEP) == 1 && waiting(Lane.LOGIN) == PLACES - 1 || renewal.isDone());

            last.release();

            Answer renewed = renewal.get();
            return Optional.of(new Overtaking(furtherSignIn, counted, renewed, requestStatements(statements)));
        }
    }

    @Test
    void aRequestForWhomTheQueueHasNoPlaceIsToldAtOnce() throws Exception {
        Optional<Refusals> unspoilt = Optional.empty();
        for (int i = 0; i < TRIES && unspoilt.isEmpty(); i++) {
            unspoilt = refuse();
        }

        assertThat(unspoilt).isPresent();
        Refusals refusals = unspoilt.get();
        assertNoRoom(refusals.userInfo(), "pool.saturated");
        assertTemporarilyUnavailable(refusals.signIn());
        assertTemporarilyUnavailable(refusals.renewal());
        assertThat(refusals.counted()).as("these and no others").isEqualTo(3);
        assertThat(server.oauth.exchange(refusals.code()).status())
                .as("a refusal does not spend a code")
                .isEqualTo(200);
        assertThat(server.oauth.refresh(refusals.refreshToken()).status()).isEqualTo(200);
    }

    private record Refusals(
            Answer userInfo, Answer signIn, Answer renewal, double counted, String code, String refreshToken) {}

    /** Empty if one of those that filled the queue left it: then its place was free. */
    private static Optional<Refusals> refuse() throws Exception {
        Answer waitingTokens = server.oauth.tokens(people.signIn());
        String waitingCode = server.oauth.code(people.signIn());
        Answer tokens = server.oauth.tokens(people.signIn());
        String code = server.oauth.code(people.signIn());
        awaitNobody();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                BusyPool _ = busy(CONNECTIONS)) {
            // Each in a place of its lane's own, which nobody can take back.
            awaitWaiting(Stream.<Supplier<Answer>>of(
                            () -> server.oauth.refresh(waitingTokens.text("refresh_token")),
                            () -> userInfo(waitingTokens),
                            () -> userInfo(waitingTokens),
                            () -> server.oauth.exchange(waitingCode))
                    .map(request -> threads.submit(request::get))
                    .toList());
            double before = rejected();
            Answer info = userInfo(tokens);
            Answer signIn = server.oauth.exchange(code);
            Answer renewal = server.oauth.refresh(tokens.text("refresh_token"));
            double counted = rejected() - before;

            // As above: these four alone had the places.
            return waiting() == PLACES
                    ? Optional.of(new Refusals(info, signIn, renewal, counted, code, tokens.text("refresh_token")))
                    : Optional.empty();
        }
    }

    private static void awaitWaiting(List<Future<Answer>> requests) {
        Eventually.within(
                LONG,
                "the queue is full, or somebody was refused",
                () -> waiting() == PLACES || requests.stream().anyMatch(Future::isDone));
    }

    private static BusyPool busy(int connections) throws InterruptedException {
        return new BusyPool(server.bean(DataSource.class), connections);
    }

    private static Answer userInfo(Answer tokens) {
        return server.oauth.send(
                server.oauth.get("/auth/userinfo").header("Authorization", "Bearer " + tokens.text("access_token")));
    }

    private static List<String> requestStatements(StatementCounter statements) {
        return statements.statements().stream()
                .map(String::strip)
                .filter(sql -> sql.startsWith("UPDATE refresh_family") || sql.startsWith("WITH live"))
                .toList();
    }

    private static double inFlight() {
        return Lane.IN_ORDER.stream().mapToDouble(FullServerIT::inFlight).sum();
    }

    private static double inFlight(Lane lane) {
        return gauge("firebreak.requests.in.flight", "lane", lane.id());
    }

    private static double waiting() {
        return Lane.IN_ORDER.stream().mapToDouble(FullServerIT::waiting).sum();
    }

    private static double waiting(Lane lane) {
        return gauge("firebreak.pool.waiting", "pool", "identity", "lane", lane.id());
    }

    private static double refused() {
        return count("firebreak.requests.refused");
    }

    private static double refused(Lane lane) {
        return count("firebreak.requests.refused", "lane", lane.id());
    }

    private static double rejected() {
        return count("firebreak.pool.rejected", "pool", "identity", "reason", "saturated");
    }

    private static double gauge(String name, String... tags) {
        return server.bean(MeterRegistry.class).get(name).tags(tags).gauge().value();
    }

    private static double count(String name, String... tags) {
        return server.bean(MeterRegistry.class).get(name).tags(tags).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    /** As a program that is no OAuth client hears it, and the gateway. */
    private static void assertNoRoom(Answer answer, String code) {
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(503);
        assertThat(answer.text("code")).isEqualTo(code);
        assertThat(answer.header(Headers.OVERLOADED)).isEqualTo("1");
        assertThat(answer.header("Retry-After")).matches("[1-9]|10");
    }

    /** As an OAuth client hears it. */
    private static void assertTemporarilyUnavailable(Answer answer) {
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(503);
        assertThat(answer.text("error")).isEqualTo("temporarily_unavailable");
        assertThat(answer.header("Retry-After")).matches("[1-9]|10");
    }
}
