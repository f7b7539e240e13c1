package dev.firebreak.auth.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.auth.MovableClock;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.starter.test.TestPostgres;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The feed without a server around it, for what no server under test should hold. */
class FeedIT {
    static final int MAX = 10;

    final MovableClock clock = new MovableClock();
    final TestPostgres.Database database = TestPostgres.migrated();
    final RevocationRepository repository = new RevocationRepository(JdbcClient.create(
            new SingleConnectionDataSource(database.url(), database.user(), "postgres", true)));
    final Feed feed = new Feed(repository, new FixedKeys(), clock, MAX);

    @Test
    void answersUpToItsBoundAndSaysBeforeThatItIsNear() {
        revoke(MAX - 2);
        assertThat(feed.isNearlyFull()).isFalse();

        revoke(2);

        assertThat(feed.isNearlyFull()).isTrue();
        assertThat(feed.answer(new Feed.Question(null, 0, 0)).orElseThrow().revocations())
                .hasSize(MAX);
    }

    @Test
    void refusesToCutAnAnswerShortAndStillServesWhoeverKnowsMostOfIt() {
        revoke(MAX + 5);

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> feed.answer(new Feed.Question(null, 0, 0)))
                .satisfies(e -> assertThat(e.error()).isEqualTo(AuthError.TRUST_UNAVAILABLE));

        assertThat(feed.answersTooLarge()).isEqualTo(1);
        RevocationLog log = feed.log().orElseThrow();
        assertThat(feed.answer(new Feed.Question(log.epoch(), 1, MAX)).orElseThrow().revocations())
                .hasSize(5);
    }

    private void revoke(int count) {
        for (int i = 0; i < count; i++) {
            repository.append(new Revocation(
                    Revocation.Kind.JTI, "j" + i, null, clock.instant().plusSeconds(900)));
        }
        feed.refresh();
    }

    private final class FixedKeys implements VerificationKeys {
        private final KeySet keys = new KeySet(1, List.of(), clock.instant());

        @Override
        public Optional<KeySet> current() {
            return Optional.of(keys);
        }

        @Override
        public void refreshSoon() {
            // There is never anything new.
        }
    }
}
