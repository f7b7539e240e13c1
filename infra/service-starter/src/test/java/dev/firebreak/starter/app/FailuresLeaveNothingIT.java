package dev.firebreak.starter.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.authn.RequiresScope;
import dev.firebreak.starter.pool.Pools;
import dev.firebreak.starter.test.BusyPool;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestPostgres;
import dev.firebreak.starter.test.TestTrust;
import dev.firebreak.trust.test.TestIssuer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Ten thousand requests that fail at every stage: no connection stays behind, and none was ever held twice. */
@SpringBootTest(
        classes = TestService.class,
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "firebreak.profile=local",
            "firebreak.node=test-1",
            "firebreak.run=serve",
            "firebreak.issuer=" + TestTrust.ISSUER,
            "firebreak.public-origin=" + TestTrust.ORIGIN,
            "firebreak.pools.things.size=4",
            "management.server.port=0"
        })
@Import({TestTrust.class, FailuresLeaveNothingIT.Things.class})
class FailuresLeaveNothingIT {
    private static final int REQUESTS = 10_000;
    private static final int CALLERS = 16;
    private static final String PROBLEMS = "dev.firebreak.starter.problem";

    @LocalServerPort
    int port;

    @Value("${local.management.port}")
    int managementPort;

    @Autowired
    TestIssuer issuer;

    @Autowired
    MeterRegistry metrics;

    @Autowired
    DataSource things;

    @DynamicPropertySource
    static void database(DynamicPropertyRegistry registry) {
        TestPostgres.Database database = TestPostgres.empty();
        TestPostgres.register(registry, "things", database, database.port());
    }

    @TestConfiguration(proxyBeanMethods = false)
    static class Things {
        @Bean
        DataSource things(Pools pools) {
            return pools.open("things");
        }

        @Bean
        ThingsHandler thingsHandler(JdbcClient jdbc, PlatformTransactionManager transactions) {
            return new ThingsHandler(jdbc, new TransactionTemplate(transactions));
        }
    }

    record Order(@NotBlank String how) {}

    /** Takes a connection and then fails as it is told. */
    @RestController
    static class ThingsHandler {
        private final JdbcClient jdbc;
        private final TransactionTemplate transaction;

        ThingsHandler(JdbcClient jdbc, TransactionTemplate transaction) {
            this.jdbc = jdbc;
            this.transaction = transaction;
        }

        @PostMapping("/api/v1/things")
        @RequiresScope("tasks:write")
        Map<String, Object> things(@RequestBody @Valid Order order) {
            try {
                return work(order);
            } finally {
                // The interrupt was meant for the work; left standing, it would tear the answer that Tomcat writes.
                Thread.interrupted();
            }
        }

        private Map<String, Object> work(Order order) {
            return transaction.execute(status -> {
                if (order.how().equals("interrupt")) {
                    Thread.currentThread().interrupt();
                }
                Object answer = jdbc.sql(
                                order.how().equals("statement") ? "SELECT nonsense" : "SELECT repeat('x', 40000)")
                        .query()
                        .singleValue();
                if (order.how().equals("exception")) {
                    throw new IllegalStateException("as ordered");
                }
                return Map.of("answer", answer);
            });
        }
    }

    /** Thousands of stacks would tell nothing. */
    @BeforeEach
    void silence() {
        LoggingSystem.get(getClass().getClassLoader()).setLogLevel(PROBLEMS, LogLevel.OFF);
    }

    @AfterEach
    void speakAgain() {
        LoggingSystem.get(getClass().getClassLoader()).setLogLevel(PROBLEMS, null);
    }

    @Test
    void afterTenThousandOfThemNothingIsInUse() throws Exception {
        Map<String, Set<Integer>> answers = new ConcurrentSkipListMap<>();
        AtomicInteger next = new AtomicInteger();
        List<Thread> callers;
        // Whether the callers alone fill the pool depends on the machine.
        try (BusyPool _ = new BusyPool(things, 4)) {
            callers = IntStream.range(0, CALLERS)
                    .mapToObj(i -> Thread.ofVirtual().start(() -> {
                        Http http = new Http(port);
                        String token = TestTrust.newUser(issuer);
                        String narrow = issuer.accessToken(claims -> claims.claim("scope", "tasks:read"));
                        for (int number = next.getAndIncrement(); number < REQUESTS; number = next.getAndIncrement()) {
                            Kind kind = Kind.values()[number % Kind.values().length];
                            int status = call(http, kind, kind == Kind.FORBIDDEN ? narrow : token);
                            answers.computeIfAbsent(kind.name(), it -> ConcurrentHashMap.newKeySet())
                                    .add(status);
                        }
                    }))
                    .toList();
            Eventually.within(
                    Duration.ofSeconds(60),
                    "some found it full and some ran out of time",
                    () -> rejected("saturated") > 0 && rejected("deadline") > 0);
        }
        for (Thread caller : callers) {
            caller.join();
        }

        Eventually.within(
                Duration.ofSeconds(20), "nothing in use", () -> sum("firebreak.pool.connections.active") == 0);
        assertThat(sum("firebreak.pool.waiting")).isZero();
        Eventually.within(Duration.ofSeconds(10), "no request", () -> sum("firebreak.requests.in.flight") == 0);
        assertThat(sum("hikaricp.connections.active")).isZero();
        assertThat(sum("firebreak.pool.nested")).as("no request held two").isZero();
        assertThat(sum("firebreak.pool.acquires") + sum("firebreak.pool.rejected"))
                .as(this::refusals)
                .isGreaterThan(REQUESTS / 4.0);
        assertThat(new TreeMap<>(answers).keySet()).hasSize(Kind.values().length);
        answers.forEach((kind, statuses) -> assertThat(statuses)
                .as(kind)
                .isSubsetOf(Kind.valueOf(kind).expected)
                .contains(Kind.valueOf(kind).itsOwn));
        for (String reason : List.of("saturated", "deadline", "interrupted")) {
            assertThat(rejected(reason)).as(reason + " happened").isPositive();
        }
        assertPoolsEndpoint();
    }

    @Test
    void byDefaultSixteenRequestsAConnectionAreInFlight() {
        assertThat(sum("firebreak.requests.in.flight.max")).isEqualTo(16 * 4);
    }

    private double rejected(String reason) {
        return metrics.find("firebreak.pool.rejected").tag("reason", reason).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private String refusals() {
        return metrics.find("firebreak.pool.rejected").counters().stream()
                .filter(counter -> counter.count() > 0)
                .map(counter -> counter.getId().getTags() + " " + counter.count())
                .toList()
                .toString();
    }

    private enum Kind {
        FINE(200, 503),
        UNAUTHENTICATED(401),
        FORBIDDEN(403, 503),
        INVALID(400, 503),
        EXCEPTION(500, 503),
        STATEMENT(503),
        DEADLINE(503, 200),
        GONE(0),
        INTERRUPT(200, 500, 503);

        private final Integer itsOwn;
        private final Set<Integer> expected;

        /** The first is what the kind is there for, the others may happen under load. */
        Kind(Integer... expected) {
            this.itsOwn = expected[0];
            this.expected = Set.of(expected);
        }
    }

    private int call(Http http, Kind kind, String token) {
        String path = "/api/v1/things";
        return switch (kind) {
            case FINE, EXCEPTION, STATEMENT, INTERRUPT, FORBIDDEN -> post(http, path, kind, token);
            case UNAUTHENTICATED ->
                http.send("POST", path, BodyPublishers.ofString("{}")).statusCode();
            case INVALID ->
                http.send(
                                "POST",
                                path,
                                BodyPublishers.ofString("{\"how\":\"\"}"),
                                "Content-Type",
                                "application/json",
                                "Authorization",
                                "Bearer " + token)
                        .statusCode();
            case DEADLINE -> post(http, path, kind, token, "Firebreak-Timeout-Ms", "2");
            case GONE -> leave(path, token);
        };
    }

    private static int post(Http http, String path, Kind kind, String token, String... more) {
        String[] headers = Stream.concat(
                        Stream.of("Content-Type", "application/json", "Authorization", "Bearer " + token),
                        Stream.of(more))
                .toArray(String[]::new);
        String body = "{\"how\":\"" + kind.name().toLowerCase(Locale.ROOT) + "\"}";
        return http.send("POST", path, BodyPublishers.ofString(body), headers).statusCode();
    }

    /** Asks for a large answer and is gone before it comes. */
    private int leave(String path, String token) {
        String body = "{\"how\":\"fine\"}";
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoLinger(true, 0);
            socket.getOutputStream()
                    .write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
                                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                                    + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
            return 0;
        } catch (IOException e) {
            return -1;
        }
    }

    private double sum(String name) {
        double sum = 0;
        for (Meter meter : metrics.find(name).meters()) {
            sum += meter.measure().iterator().next().getValue();
        }
        return sum;
    }

    private void assertPoolsEndpoint() {
        var pools = Http.json(new Http(managementPort).get("/actuator/pools")).get("pools");

        assertThat(pools.size()).isEqualTo(1);
        assertThat(pools.get(0).propertyNames())
                .containsExactlyInAnyOrder(
                        "pool",
                        "size",
                        "open",
                        "active",
                        "idle",
                        "waiting",
                        "waiters_max",
                        "utilisation",
                        "empty_acquire_share",
                        "mean_wait_ms",
                        "p99_wait_ms",
                        "churn_per_s",
                        "verdict",
                        "lanes",
                        "problem");
        assertThat(pools.get(0).get("lanes").get(1).toString())
                .isEqualTo("{\"lane\":\"user\",\"share\":2,\"active\":0,\"waiting\":0}");
        assertThat(pools.get(0).get("problem").isNull()).isTrue();
        assertThat(pools.get(0).get("waiters_max").asInt()).isEqualTo(16);
    }
}
