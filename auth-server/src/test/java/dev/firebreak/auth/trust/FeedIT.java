package dev.firebreak.auth.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.platform.Purge;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.trust.PublishedKey;
import dev.firebreak.contracts.trust.Revocation;
import dev.firebreak.starter.test.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/** The feed without a server around it, for what no server under test should hold. */
class FeedIT {
    static final int MAX = 10;

    final MovableClock clock = new MovableClock();
    final TestPostgres.Database database = TestPostgres.migrated();
    final JdbcClient jdbc =
            JdbcClient.create(new SingleConnectionDataSource(database.url(), database.user(), "postgres", true));
    final RevocationRepository repository = new RevocationRepository(jdbc);
    final FixedKeys keys = new FixedKeys();
    final Feed feed = new Feed(repository, keys, clock, MAX);

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
        assertThat(feed.answer(new Feed.Question(log.epoch(), 1, MAX))
                        .orElseThrow()
                        .revocations())
                .hasSize(5);
    }

    /** A key taken back and its revocation are two reads: between them its tokens would be of an unknown key. */
    @Test
    void givesNewKeysOutOnlyWithTheRevocationsThatWereReadAfterThem() {
        feed.refresh();
        Feed.Question question = new Feed.Question(feed.log().orElseThrow().epoch(), 1, 0);
        Revocation leaked =
                new Revocation(Revocation.Kind.KID, "k1", null, clock.instant().plusSeconds(900));
        repository.append(leaked);
        keys.replaceWith("k2");

        assertThat(feed.hasNews(question)).isFalse();
        assertThat(feed.answer(question).orElseThrow()).satisfies(answer -> {
            assertThat(answer.keys()).isNull();
            assertThat(answer.keysVersion()).isEqualTo(1);
        });
        assertThat(feed.answer(new Feed.Question(null, 0, 0)))
                .as("nor to a new verifier")
                .isEmpty();

        feed.refresh();

        assertThat(feed.hasNews(question)).isTrue();
        assertThat(feed.answer(question).orElseThrow()).satisfies(answer -> {
            assertThat(answer.keys()).extracting(PublishedKey::kid).containsExactly("k2");
            assertThat(answer.keysVersion()).isEqualTo(2);
            assertThat(answer.revocations()).extracting(Revocation::value).containsExactly("k1");
        });
    }

    @Test
    void purgesFromTheTableWhatHasRunOutAndNothingElse() {
        revoke(3);
        clock.advance(Duration.ofMinutes(10));
        revoke(2);
        Purge purge = TrustConfiguration.purge(jdbc, clock, new SimpleMeterRegistry());

        assertThat(purge.run()).isZero();
        clock.advance(Duration.ofMinutes(5));
        assertThat(purge.run()).isEqualTo(3);

        assertThat(jdbc.sql("SELECT seq FROM revocation ORDER BY seq")
                        .query(Long.class)
                        .list())
                .containsExactly(4L, 5L);
    }

    private void revoke(int count) {
        for (int i = 0; i < count; i++) {
            repository.append(new Revocation(
                    Revocation.Kind.JTI, "j" + i, null, clock.instant().plusSeconds(900)));
        }
        feed.refresh();
    }

    private final class FixedKeys implements VerificationKeys {
        private UUID epoch() {
            return jdbc.sql("SELECT epoch FROM trust_state").query(UUID.class).single();
        }

        @Override
        public Duration maxAge() {
            return Duration.ofMinutes(5);
        }

        private KeySet keys =
                new KeySet(epoch(), 1, List.of(new PublishedKey("k1", "active", Map.of())), clock.instant());

        void replaceWith(String kid) {
            keys = new KeySet(
                    keys.epoch(),
                    keys.version() + 1,
                    List.of(new PublishedKey(kid, "active", Map.of())),
                    clock.instant());
        }

        @Override
        public Optional<KeySet> current() {
            return Optional.of(keys);
        }

        @Override
        public void refreshSoon() {
            // There is never anything new.
        }

        @Override
        public void onRead(Runnable listener) {
            // They are never read again.
        }
    }
}
