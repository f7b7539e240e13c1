package dev.firebreak.auth;

import dev.firebreak.auth.signing.TokenSigner;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.StatementCounter;
import dev.firebreak.starter.test.TestPostgres;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The whole server over HTTP on random ports, with a real database. One server serves every class that extends this. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        classes = AuthServerApplication.class,
        properties = {"firebreak.profile=local", "firebreak.run=serve"})
@Import(ServerIT.Fixtures.class)
public abstract class ServerIT {
    private static final List<String> BACKGROUND = List.of(
            "FROM signing_key_set",
            "FROM trust_state",
            "FROM refresh_mac_key",
            "FROM journal_head",
            "FROM event_state",
            "FROM webhook",
            "UPDATE webhook_delivery",
            "auth_node",
            "sealed_rows",
            "DELETE FROM",
            "FROM pg_class");

    private static final TestDeployment DEPLOYMENT = new TestDeployment();

    @TestConfiguration(proxyBeanMethods = false)
    static class Fixtures {
        @Bean
        MovableClock clock() {
            return new MovableClock();
        }

        @Bean
        static StatementCounter statementCounter() {
            return new StatementCounter();
        }
    }

    @DynamicPropertySource
    static void deployment(DynamicPropertyRegistry registry) {
        TestPostgres.Database database = TestPostgres.register(registry, "identity");
        TestPostgres.register(registry, "background", database, database.port());
        // Opened by servers that have a client at Google.
        TestPostgres.register(registry, "vault", database, database.port());
        configure(registry, DEPLOYMENT);
    }

    /** Everything but the pools. */
    public static void configure(DynamicPropertyRegistry registry, TestDeployment deployment) {
        registry.add("firebreak.node", () -> "auth-server-test");
        // What is tested is what each request does, not what is shed when fifty come at once.
        registry.add("firebreak.overload.max-in-flight", () -> "1000");
        registry.add("firebreak.pools.identity.max-waiters", () -> "4000");
        registry.add("firebreak.issuer", () -> TestDeployment.ISSUER);
        registry.add("firebreak.public-origin", () -> TestDeployment.ORIGIN);
        registry.add("auth.clients-folder", deployment::clientsFolder);
        registry.add("auth.wrapping-key-file", deployment::wrappingKeyFile);
        registry.add("auth.internal.port", () -> "0");
        registry.add("auth.client.reload-every", () -> "100ms");
        registry.add("auth.token-limits.public-per-minute", () -> "10000");
        registry.add("auth.token-limits.failures-per-minute", () -> "10000");
    }

    @Autowired
    protected MovableClock clock;

    @Autowired
    protected StatementCounter statements;

    @Autowired
    protected JdbcClient jdbc;

    @Autowired
    private TokenSigner signer;

    @Value("${local.server.port}")
    private int mainPort;

    @Value("${local.internal.port}")
    private int internalPort;

    protected final TestDeployment deployment = DEPLOYMENT;
    protected TestOAuth oauth;
    protected TestPeople people;

    @BeforeEach
    void connect() {
        oauth = new TestOAuth(deployment, mainPort, internalPort, clock);
        people = new TestPeople(jdbc, clock);
        Eventually.within(
                Duration.ofSeconds(20),
                "the server is ready",
                () -> oauth.send(oauth.get("/readyz")).status() == 200);
    }

    /** Lets time pass, and the background loops notice it. */
    protected void pass(Duration time) {
        clock.advance(time);
        awaitKeys();
    }

    /** Statements since the last reset, but those of background loops. */
    protected List<String> requestStatements() {
        return statements.statements().stream()
                .filter(sql -> BACKGROUND.stream().noneMatch(sql::contains))
                .toList();
    }

    private void awaitKeys() {
        Eventually.within(
                Duration.ofSeconds(20),
                "the key table was read",
                () -> signer.leaseLeft().compareTo(Duration.ofMinutes(14)) > 0);
    }
}
