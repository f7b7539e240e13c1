package dev.firebreak.auth.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.auth.MovableClock;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.test.TestPostgres;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Two nodes that hear different verifiers. */
class VerifierRegistryIT {
    final MovableClock clock = new MovableClock();
    JdbcClient jdbc;
    VerifierRegistry a;
    VerifierRegistry b;

    @BeforeEach
    void start() {
        TestPostgres.Database database = TestPostgres.migrated();
        jdbc = JdbcClient.create(new DriverManagerDataSource(database.url(), database.user(), "postgres"));
        a = new VerifierRegistry(new VerifierRepository(jdbc), 3, clock);
        b = new VerifierRegistry(new VerifierRepository(jdbc), 3, clock);
    }

    @Test
    void eachNodeKnowsWhatTheOtherHeard() {
        a.heard("gateway", "gateway-1", 4, 7, null);
        b.heard("tasks", "tasks-1", 3, 6, null);
        assertThat(a.live()).extracting(Verifier::name).containsExactly("gateway/gateway-1");
        exchange();

        assertThat(a.live()).isEqualTo(b.live());
        assertThat(a.withoutKeys(4)).extracting(Verifier::name).containsExactly("tasks/tasks-1");
        assertThat(a.withoutRevocation(7)).extracting(Verifier::name).containsExactly("tasks/tasks-1");
    }

    @Test
    void theLastQuestionCountsAlsoWithALowerVersion() {
        a.heard("gateway", "gateway-1", 4, 7, null);
        exchange();
        clock.advance(Duration.ofSeconds(1));
        // Restarted from an old copy, and now it asks the other node.
        b.heard("gateway", "gateway-1", 2, 5, null);
        exchange();

        assertThat(a.withoutKeys(4)).hasSize(1);
        assertThat(b.withoutKeys(4)).hasSize(1);
    }

    @Test
    void whatAGatewayCanOpenIsKnownWhereItSaidSoAndOutlivesAnExchange() {
        a.heard("gateway", "gateway-1", 4, 7, List.of("c1", "c2"));
        exchange();
        clock.advance(Duration.ofSeconds(1));
        b.heard("gateway", "gateway-1", 5, 7, null);
        exchange();

        assertThat(a.live()).singleElement().satisfies(verifier -> {
            assertThat(verifier.keysVersion()).isEqualTo(5);
            assertThat(verifier.ring()).containsExactly("c1", "c2");
        });
        assertThat(b.live())
                .singleElement()
                .satisfies(verifier -> assertThat(verifier.ring()).isNull());
    }

    @Test
    void aSilentVerifierIsForgottenFiveMinutesAfterItFellSilentItself() {
        a.heard("gateway", "gateway-1", 4, 7, null);
        exchange();

        clock.advance(Duration.ofMinutes(64));
        exchange();
        assertThat(b.live()).hasSize(1);
        assertThat(b.longestSilence()).isGreaterThanOrEqualTo(Duration.ofMinutes(64));
        clock.advance(Duration.ofMinutes(2));
        assertThat(a.live()).isEmpty();
        exchange();

        assertThat(b.live()).isEmpty();
        assertThat(b.longestSilence()).isZero();
    }

    @Test
    void oneThatSaysThatItStopsIsForgottenByAllAndKnownAgainWhenItAsks() {
        a.heard("gateway", "gateway-1", 4, 7, null);
        exchange();
        b.stops("gateway", "gateway-1");
        assertThat(b.live()).isEmpty();
        exchange();
        assertThat(a.live()).isEmpty();

        clock.advance(Duration.ofSeconds(1));
        a.heard("gateway", "gateway-1", 4, 7, null);
        exchange();

        assertThat(b.live()).hasSize(1);
    }

    @Test
    void aGoodbyeIsNotUndoneByWhatAnotherNodeHeardBefore() {
        a.heard("gateway", "gateway-1", 4, 7, null);
        clock.advance(Duration.ofSeconds(1));
        // b never heard of it, and is told first.
        b.stops("gateway", "gateway-1");
        b.exchange();
        exchange();

        assertThat(a.live()).isEmpty();
        assertThat(b.live()).isEmpty();
    }

    @Test
    void isKnownOnlyOnceItHasExchangedAndNotForLongAfter() {
        assertThat(a.isKnown()).isFalse();
        a.exchange();
        assertThat(a.isKnown()).isTrue();
        clock.advance(Duration.ofSeconds(16));
        assertThat(a.isKnown()).isFalse();
    }

    @Test
    void acknowledgementsOfAnotherDatabaseCountForNothing() {
        a.heard("gateway", "gateway-1", 4, 7, null);
        exchange();
        jdbc.sql("UPDATE trust_state SET epoch = gen_random_uuid()").update();
        exchange();

        assertThat(a.live()).isEmpty();
        assertThat(b.live()).isEmpty();
    }

    @Test
    void refusesOneNodeTooManyOfAClientAndSaysWhy() {
        for (int i = 1; i <= 3; i++) {
            a.heard("gateway", "gateway-" + i, 4, 7, null);
        }

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> a.heard("gateway", "gateway-4", 4, 7, null))
                .withMessageContaining("gateway-4")
                .extracting(ServiceException::error)
                .isEqualTo(AuthError.TOO_MANY_VERIFIERS);
        a.heard("gateway", "gateway-3", 5, 8, null);
        a.heard("tasks", "tasks-1", 5, 8, null);
        assertThat(a.live()).hasSize(4);
    }

    @Test
    void isHeardWhileTheDatabaseIsAwayAndWrittenLater() {
        JdbcClient nowhere = JdbcClient.create(
                new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none?connectTimeout=1", "x", "x"));
        VerifierRegistry cut = new VerifierRegistry(new VerifierRepository(nowhere), 3, clock);
        cut.heard("gateway", "gateway-1", 4, 7, null);

        assertThatExceptionOfType(RuntimeException.class).isThrownBy(cut::exchange);

        assertThat(cut.live()).hasSize(1);
    }

    private void exchange() {
        a.exchange();
        b.exchange();
        a.exchange();
    }
}
