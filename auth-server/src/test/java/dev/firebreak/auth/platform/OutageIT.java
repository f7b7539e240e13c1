package dev.firebreak.auth.platform;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.AuthServerApplication;
import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.TestDeployment;
import dev.firebreak.auth.TestOAuth;
import dev.firebreak.auth.TestOAuth.Answer;
import dev.firebreak.auth.TestPeople;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestPostgres;
import dev.firebreak.starter.test.TestProxy;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** One server whose database comes and goes, with a pool of two. A story, so the tests have an order. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OutageIT {
    final TestDeployment deployment = new TestDeployment();
    final MovableClock clock = new MovableClock();
    TestProxy proxy;
    ConfigurableApplicationContext server;
    TestOAuth oauth;
    TestPeople people;

    @BeforeAll
    void startWithoutDatabase() {
        TestPostgres.Database database = TestPostgres.migrated();
        proxy = new TestProxy(database.port());
        List<String> args = new ArrayList<>(List.of(
                "--server.port=0",
                "--management.server.port=0",
                "--auth.internal.port=0",
                "--firebreak.profile=local",
                "--firebreak.overload.max-in-flight=200",
                "--firebreak.run=serve",
                "--firebreak.node=auth-server-1",
                "--firebreak.issuer=" + TestDeployment.ISSUER,
                "--firebreak.public-origin=" + TestDeployment.ORIGIN,
                "--auth.clients-folder=" + deployment.clientsFolder(),
                "--auth.wrapping-key-file=" + deployment.wrappingKeyFile()));
        for (String pool : new String[] {"identity", "background"}) {
            String prefix = "--firebreak.pools." + pool + ".";
            args.add(prefix + "host=127.0.0.1");
            args.add(prefix + "port=" + proxy.port());
            args.add(prefix + "database=" + database.name());
            args.add(prefix + "user=" + database.user());
            args.add(prefix + "password-file=" + database.passwordFile());
            args.add(prefix + "size=2");
            // Room for twenty sign-ins at once; whether two connections are enough for them is the question.
            args.add(prefix + "max-waiters=400");
        }
        server = new SpringApplicationBuilder(AuthServerApplication.class)
                .initializers(context -> context.getBeanFactory().registerSingleton("clock", clock))
                .run(args.toArray(String[]::new));
        oauth = new TestOAuth(deployment, port("local.server.port"), port("local.internal.port"), clock);
        people = new TestPeople(server.getBean(JdbcClient.class), clock);
    }

    private int port(String key) {
        return server.getEnvironment().getRequiredProperty(key, Integer.class);
    }

    @AfterAll
    void stop() {
        server.close();
        proxy.close();
    }

    @Test
    @Order(1)
    void startsWithItsDatabaseStoppedAndSaysThatItIsNotReady() {
        assertThat(oauth.send(oauth.get("/livez")).status()).isEqualTo(200);
        Answer ready = oauth.send(oauth.get("/readyz"));
        assertThat(ready.status()).isEqualTo(503);
        assertThat(ready.text("status")).isEqualTo("down");
        assertThat(ready.json().get("reasons"))
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .contains("schema.unread", "signing.keys_unread", "trust.revocations_unread", "grant.mac_keys_unread");
        assertTemporarilyUnavailable(clientCredentials());
        assertThat(oauth.send(oauth.internal("/auth/internal/v1/trust", "gateway"))
                        .text("code"))
                .isEqualTo("auth.trust_unavailable");
        assertThat(oauth.send(oauth.get("/auth/oauth2/jwks")).status()).isEqualTo(503);
    }

    @Test
    @Order(2)
    void becomesReadyByItselfWhenTheDatabaseComes() {
        proxy.up();

        Eventually.within(
                Duration.ofSeconds(20),
                "ready",
                () -> oauth.send(oauth.get("/readyz")).text("status").equals("ok"));
        assertThat(clientCredentials().status()).isEqualTo(200);
    }

    @Test
    @Order(3)
    void servesTwentyParallelSignInsWithAPoolOfTwo() throws Exception {
        List<TestPeople.SignedIn> users = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            users.add(people.signIn());
        }
        var next = users.iterator();

        List<Answer> answers = Parallel.run(20, () -> {
            TestPeople.SignedIn user;
            synchronized (users) {
                user = next.next();
            }
            Answer tokens = oauth.tokens(user);
            return oauth.refresh(tokens.text("refresh_token"));
        });

        assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isEqualTo(200));
    }

    @Test
    @Order(4)
    void keepsServingWhatNeedsNoDatabaseWhileItIsLost() {
        TestPeople.SignedIn ada = people.signIn();
        Answer tokens = oauth.tokens(ada);
        String code = oauth.code(ada);
        Instant before = asOf(oauth.send(oauth.internal("/auth/internal/v1/trust", "gateway")));

        proxy.stop();

        assertTemporarilyUnavailable(oauth.refresh(tokens.text("refresh_token")));
        assertTemporarilyUnavailable(oauth.exchange(code));
        Answer authorize = oauth.authorize(oauth.authorizationRequest(), ada.cookie());
        assertTemporarilyUnavailable(authorize);
        assertThat(authorize.header("Location"))
                .as("an outage is not 'signed out'")
                .isEmpty();
        assertThat(clientCredentials().status()).isEqualTo(200);
        assertThat(oauth.send(oauth.get("/auth/oauth2/jwks")).status()).isEqualTo(200);
        assertThat(oauth.send(oauth.get("/auth/.well-known/openid-configuration"))
                        .status())
                .isEqualTo(200);
        Answer trust = oauth.send(oauth.internal("/auth/internal/v1/trust", "gateway"));
        assertThat(trust.status()).isEqualTo(200);
        assertThat(asOf(trust))
                .as("says how old it is")
                .isBefore(clock.instant())
                .isAfterOrEqualTo(before);
        Eventually.within(Duration.ofSeconds(10), "degraded", () -> {
            Answer ready = oauth.send(oauth.get("/readyz"));
            return ready.status() == 200 && ready.text("status").equals("degraded");
        });
        assertThat(oauth.send(oauth.get("/auth/userinfo")
                                .header("Authorization", "Bearer " + tokens.text("access_token")))
                        .status())
                .as("a good token is not refused")
                .isEqualTo(503);

        proxy.up();
        Eventually.within(
                Duration.ofSeconds(20),
                "the very same refresh token works again",
                () -> oauth.refresh(tokens.text("refresh_token")).status() == 200);
    }

    @Test
    @Order(5)
    void tellsClientsOfAHungDatabaseInTimeAndLosesNothingByIt() {
        TestPeople.SignedIn ada = people.signIn();
        String token = oauth.tokens(ada).text("refresh_token");
        String code = oauth.code(ada);
        proxy.hang();
        long start = System.nanoTime();

        assertTemporarilyUnavailable(oauth.refresh(token));
        assertTemporarilyUnavailable(oauth.exchange(code));

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .as("both, at most five seconds each")
                .isLessThan(Duration.ofSeconds(10));
        assertThat(clientCredentials().status()).isEqualTo(200);
        proxy.up();
        Eventually.within(
                Duration.ofSeconds(20),
                "the very same refresh token works again",
                () -> oauth.refresh(token).status() == 200);
    }

    @Test
    @Order(6)
    void stopsSigningFifteenMinutesAfterItLastReadTheKeys() {
        proxy.stop();
        Eventually.within(
                Duration.ofSeconds(10),
                "lost",
                () -> oauth.send(oauth.get("/readyz")).text("status").equals("degraded"));
        clock.advance(Duration.ofMinutes(14));
        assertThat(clientCredentials().status()).isEqualTo(200);

        clock.advance(Duration.ofMinutes(1));

        assertTemporarilyUnavailable(clientCredentials());
        assertThat(oauth.send(oauth.get("/readyz")).status())
                .as("it still serves keys and trust")
                .isEqualTo(200);
        proxy.up();
        Eventually.within(
                Duration.ofSeconds(20), "signs again", () -> clientCredentials().status() == 200);
    }

    @Test
    @Order(7)
    void showsItsMetricsOnTheManagementPortOnly() {
        String url = "http://127.0.0.1:" + port("local.management.port") + "/actuator/prometheus";

        Answer metrics = oauth.send(HttpRequest.newBuilder(URI.create(url)));

        assertThat(metrics.status()).isEqualTo(200);
        assertThat(metrics.raw().body())
                .contains(
                        "auth_loop_runs_total{",
                        "auth_signing_lease_seconds",
                        "auth_trust_revocations",
                        "auth_clients ",
                        "auth_assertions_remembered",
                        "auth_token_buckets",
                        "auth_rows{",
                        "auth_trust_too_large_total",
                        "firebreak_token_cache_size",
                        "firebreak_token_refused_total{reason=\"auth.token_revoked\"}",
                        "auth_refresh_total{",
                        "auth_token_forms ",
                        "firebreak_pool_acquires_total{found=\"idle\",lane=\"keep\",pool=\"background\"}");
        assertThat(oauth.send(oauth.get("/auth/actuator/prometheus")).status()).isEqualTo(404);
        assertThat(oauth.send(oauth.get("/actuator/prometheus")).status()).isEqualTo(404);
    }

    @Test
    @Order(8)
    void slowsAnAddressDownThatKeepsFailing() {
        Map<String, String> wrong = Map.of("grant_type", "client_credentials", "client_id", "nobody");
        int refused = 0;
        Answer answer = oauth.post("/auth/oauth2/token", wrong);
        while (answer.status() == 401 && refused < 100) {
            refused++;
            answer = oauth.post("/auth/oauth2/token", wrong);
        }

        assertThat(refused).isBetween(25, 60);
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.text("error")).isEqualTo("slow_down");
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 10);
    }

    private Answer clientCredentials() {
        return oauth.token("demo-service", Map.of("grant_type", "client_credentials"));
    }

    private static Instant asOf(Answer trust) {
        return Instant.parse(trust.text("as_of"));
    }

    private static void assertTemporarilyUnavailable(Answer answer) {
        assertThat(answer.status()).as(answer.raw().body()).isEqualTo(503);
        assertThat(answer.text("error")).isEqualTo("temporarily_unavailable");
        assertThat(answer.header("Cache-Control")).contains("no-store");
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(1, 10);
    }
}
