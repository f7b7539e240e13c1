package dev.firebreak.auth.user;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.Parallel;
import dev.firebreak.auth.TestBrowser;
import dev.firebreak.auth.TestBrowser.Page;
import dev.firebreak.auth.TestServer;
import dev.firebreak.auth.user.PasswordHasherTest.SlowEncoder;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.StatementCounter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Many sign-ins at once over a pool of two, with a hash that takes as long as the test wants. */
class PasswordHashingIT {
    static final int SIGN_INS = 50;
    static final Duration LONG = Duration.ofSeconds(20);

    static final SlowEncoder ENCODER = new SlowEncoder();
    static TestServer server;

    @TestConfiguration(proxyBeanMethods = false)
    static class SlowHash {
        @Bean
        @Primary
        PasswordHasher slowHasher(MeterRegistry meters) {
            return new PasswordHasher(ENCODER, "#decoy", 2, SIGN_INS - 2, LONG, meters);
        }

        @Bean
        static StatementCounter statementCounter() {
            return new StatementCounter();
        }
    }

    @BeforeAll
    static void start() {
        server = new TestServer(2, SlowHash.class);
    }

    @AfterAll
    static void stop() {
        ENCODER.release.countDown();
        server.close();
    }

    @Test
    void noSignInHoldsAConnectionWhileItsPasswordIsHashed() throws Exception {
        List<String> emails = new ArrayList<>();
        for (int i = 0; i < SIGN_INS; i++) {
            emails.add(addUser());
        }
        StatementCounter statements = server.bean(StatementCounter.class);
        List<TestBrowser> browsers = new ArrayList<>();
        List<Page> forms = new ArrayList<>();
        for (int i = 0; i < SIGN_INS; i++) {
            browsers.add(new TestBrowser(server.port()));
            forms.add(browsers.getLast().get("/auth/login"));
        }
        statements.reset();

        Iterator<Integer> numbers =
                java.util.stream.IntStream.range(0, SIGN_INS).iterator();
        CompletableFuture<List<Page>> all =
                CompletableFuture.supplyAsync(() -> signInAll(numbers, browsers, forms, emails));

        // All of them have read their row over two connections, and not one has been hashed to its end.
        Eventually.within(LONG, "every sign-in waits for its hash", () -> reads(statements) == SIGN_INS);
        Eventually.within(LONG, "no connection is in use", () -> activeConnections() == 0);
        assertThat(ENCODER.started).hasValue(2);
        assertThat(all).isNotDone();

        // The queue is full now: the next one hears so at once, and not that its password is wrong.
        TestBrowser late = new TestBrowser(server.port());
        Page saturated = late.signIn(addUser(), "x");
        assertThat(saturated.status()).isEqualTo(503);
        assertThat(saturated.body()).contains("it was not checked");

        ENCODER.release.countDown();
        assertThat(all.get(30, java.util.concurrent.TimeUnit.SECONDS))
                .extracting(Page::status)
                .containsOnly(303);
    }

    static List<Page> signInAll(
            Iterator<Integer> numbers, List<TestBrowser> browsers, List<Page> forms, List<String> emails) {
        try {
            return Parallel.run(SIGN_INS, () -> {
                int mine;
                synchronized (numbers) {
                    mine = numbers.next();
                }
                return browsers.get(mine).signIn(forms.get(mine), emails.get(mine), "x");
            });
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    static long reads(StatementCounter statements) {
        return statements.statements().stream()
                .filter(sql -> sql.contains("password_hash"))
                .count();
    }

    static double activeConnections() {
        return server.bean(MeterRegistry.class)
                .get("hikaricp.connections.active")
                .tag("pool", "identity")
                .gauge()
                .value();
    }

    static String addUser() {
        String email = UUID.randomUUID() + "@example.com";
        server.bean(JdbcClient.class).sql("""
                INSERT INTO user_account (email, email_key, name, password_hash, role, created_at, updated_at)
                VALUES (:email, :email, 'Test', '#x', 'user', now(), now())
                """).param("email", email).update();
        return email;
    }
}
