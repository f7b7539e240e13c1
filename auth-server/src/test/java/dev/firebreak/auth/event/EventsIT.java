package dev.firebreak.auth.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.firebreak.auth.MovableClock;
import dev.firebreak.auth.Parallel;
import dev.firebreak.contracts.error.EventError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.event.ConnectionChanged;
import dev.firebreak.contracts.event.Event;
import dev.firebreak.contracts.event.EventAnswer;
import dev.firebreak.contracts.event.EventType;
import dev.firebreak.contracts.event.SessionRevoked;
import dev.firebreak.contracts.event.UserDeleted;
import dev.firebreak.starter.test.TestPostgres;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

class EventsIT {
    static final Set<EventType> ALL = EnumSet.allOf(EventType.class);

    final MovableClock clock = new MovableClock();
    final AtomicInteger news = new AtomicInteger();
    final EventNews eventNews = new EventNews();
    DataSource pool;
    JdbcClient jdbc;
    TransactionTemplate transaction;
    Events events;
    EventFeed feed;

    @BeforeEach
    void start() {
        TestPostgres.Database database = TestPostgres.migrated();
        pool = new DriverManagerDataSource(database.url(), database.user(), "postgres");
        jdbc = JdbcClient.create(pool);
        transaction = new TransactionTemplate(new DataSourceTransactionManager(pool));
        eventNews.onCommit(news::incrementAndGet);
        events = new SqlEvents(pool, clock, eventNews);
        feed = new EventFeed(new EventRepository(jdbc), clock);
    }

    @Test
    void aReaderAmongThirtyWritersMissesNothingAndSeesNothingTwiceOrOutOfOrder() throws Exception {
        Queue<String> committed = new ConcurrentLinkedQueue<>();
        AtomicBoolean writing = new AtomicBoolean(true);
        List<Event> read = new ArrayList<>();
        Thread reader = Thread.ofVirtual().start(() -> {
            EventAnswer answer = ask(null, 0, ALL, 7);
            while (writing.get() || answer.more()) {
                read.addAll(answer.events());
                feed.refresh();
                answer = ask(answer.epoch(), answer.cursor(), ALL, 7);
            }
            read.addAll(answer.events());
        });

        Parallel.run(30, () -> {
            for (int i = 0; i < 10; i++) {
                boolean wanted = ThreadLocalRandom.current().nextInt(3) > 0;
                List<String> written = new ArrayList<>();
                transaction.executeWithoutResult(status -> {
                    for (int j = ThreadLocalRandom.current().nextInt(1, 4); j > 0; j--) {
                        UUID subject = UUID.randomUUID();
                        events.publish(subject, new SessionRevoked(UUID.randomUUID(), "test"));
                        written.add(subject.toString());
                    }
                    if (!wanted) {
                        status.setRollbackOnly();
                    }
                });
                if (wanted) {
                    committed.addAll(written);
                }
            }
            return true;
        });
        writing.set(false);
        reader.join();

        // The last question may have been asked before the last commit.
        EventAnswer rest = ask(feedEpoch(), read.isEmpty() ? 0 : read.getLast().seq(), ALL, 500);
        read.addAll(rest.events());
        assertThat(read)
                .extracting(Event::seq)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, committed.size()).boxed().toList());
        assertThat(read).extracting(it -> it.subject().toString()).containsExactlyInAnyOrderElementsOf(committed);
        assertThat(read).extracting(Event::id).doesNotHaveDuplicates();
    }

    @Test
    void nothingIsToldOfWhatWasRolledBackAndNoNumberIsLost() {
        transaction.executeWithoutResult(status -> {
            events.publish(UUID.randomUUID(), new UserDeleted());
            status.setRollbackOnly();
        });
        assertThatIllegalStateException()
                .isThrownBy(() -> transaction.executeWithoutResult(status -> {
                    events.publish(UUID.randomUUID(), new UserDeleted());
                    throw new IllegalStateException("because");
                }));
        assertThat(news).as("nobody is woken for nothing").hasValue(0);

        UUID kept = publish();

        assertThat(ask(null, 0, ALL, 10).events()).singleElement().satisfies(event -> {
            assertThat(event.seq()).isEqualTo(1);
            assertThat(event.subject()).isEqualTo(kept);
        });
        assertThat(news).hasValue(1);
    }

    @Test
    void whatASavepointTakesBackIsNotTold() {
        TransactionTemplate nested = new TransactionTemplate(transaction.getTransactionManager());
        nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        UUID before = UUID.randomUUID();
        UUID after = UUID.randomUUID();

        transaction.executeWithoutResult(status -> {
            events.publish(before, new UserDeleted());
            nested.executeWithoutResult(inner -> {
                events.publish(UUID.randomUUID(), new UserDeleted());
                inner.setRollbackOnly();
            });
            events.publish(after, new UserDeleted());
        });

        assertThat(ask(null, 0, ALL, 10).events()).extracting(Event::subject).containsExactly(before, after);
    }

    @Test
    void isPublishedOnlyInATransactionOfItsOwnPool() {
        DataSource other = new DriverManagerDataSource("jdbc:postgresql://127.0.0.1:1/none");
        Events elsewhere = EventsOnPool.of(other, clock, eventNews);

        assertThatIllegalStateException().isThrownBy(() -> events.publish(UUID.randomUUID(), new UserDeleted()));
        assertThatIllegalStateException()
                .isThrownBy(() -> transaction.executeWithoutResult(
                        status -> elsewhere.publish(UUID.randomUUID(), new UserDeleted())));
    }

    @Test
    void aTransactionThatTakesLongAfterPublishingHoldsNobodyUp() {
        UUID slow = UUID.randomUUID();
        List<UUID> quick = new ArrayList<>();

        transaction.executeWithoutResult(status -> {
            events.publish(slow, new UserDeleted());
            Thread other = Thread.ofVirtual().start(() -> quick.add(publish()));
            try {
                assertThat(other.join(Duration.ofSeconds(10)))
                        .as("it commits meanwhile")
                        .isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        assertThat(ask(null, 0, ALL, 10).events())
                .extracting(Event::subject)
                .as("in order of their commits")
                .containsExactly(quick.getFirst(), slow);
    }

    @Test
    void isReadAsItWasPublished() {
        UUID user = UUID.randomUUID();
        UUID connection = UUID.randomUUID();

        transaction.executeWithoutResult(status -> events.publish(
                user,
                new ConnectionChanged(
                        EventType.CONNECTION_BROKEN, connection, "google", List.of("calendar", "tasks"), "ended")));

        assertThat(ask(null, 0, ALL, 10).events()).singleElement().satisfies(event -> {
            assertThat(event.type()).isEqualTo("connection.broken");
            assertThat(event.subject()).isEqualTo(user);
            assertThat(Duration.between(event.timestamp(), clock.instant())).isLessThan(Duration.ofSeconds(10));
            assertThat(event.data())
                    .containsEntry("connection", connection.toString())
                    .containsEntry("provider", "google")
                    .containsEntry("services", List.of("calendar", "tasks"))
                    .containsEntry("reason", "ended");
        });
    }

    @Test
    void whoReadsOnFromBelowWhatWasDeletedIsToldSo() {
        publish();
        publish();
        EventAnswer before = ask(null, 0, ALL, 1);
        clock.advance(Duration.ofDays(31));
        UUID young = publish();
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();

        int deleted = new EventPurge(jdbc, Duration.ofDays(30), clock, metrics).run();
        feed.refresh();

        assertThat(deleted).isEqualTo(2);
        assertThat(metrics.get("auth.purged").tag("table", "event").counter().count())
                .isEqualTo(2);
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> ask(before.epoch(), before.cursor(), ALL, 10))
                .satisfies(e -> assertThat(e.error()).isEqualTo(EventError.CURSOR_TOO_OLD));
        assertThat(ask(before.epoch(), 2, ALL, 10).events())
                .as("who has all that was deleted goes on")
                .extracting(Event::subject)
                .containsExactly(young);
        EventAnswer anew = ask(null, 0, ALL, 10);
        assertThat(anew.full()).isTrue();
        assertThat(anew.events()).extracting(Event::subject).containsExactly(young);
    }

    @Test
    void aPurgeOfNothingChangesNothing() {
        publish();

        assertThat(new EventPurge(jdbc, Duration.ofDays(30), clock, new SimpleMeterRegistry()).run())
                .isZero();

        assertThat(ask(null, 0, ALL, 10).events()).hasSize(1);
    }

    @Test
    void aReaderOfRareEventsIsLedPastTheOthersInBoundedSteps() {
        jdbc.sql("""
                INSERT INTO event (seq, type, subject, data, happened_at)
                SELECT n, 'session.revoked', gen_random_uuid(), '{}', now()
                  FROM generate_series(1, :count) AS n
                """).param("count", EventFeed.WINDOW + 10).update();
        jdbc.sql("UPDATE event_state SET seq = :count")
                .param("count", EventFeed.WINDOW + 10)
                .update();
        UUID rare = publish();
        Set<EventType> types = EnumSet.of(EventType.USER_DELETED);

        EventAnswer first = ask(null, 0, types, 10);
        EventAnswer second = ask(first.epoch(), first.cursor(), types, 10);

        assertThat(first.events()).isEmpty();
        assertThat(first.cursor()).isEqualTo(EventFeed.WINDOW);
        assertThat(first.more()).isTrue();
        assertThat(second.events()).extracting(Event::subject).containsExactly(rare);
        assertThat(second.more()).isFalse();
    }

    private UUID publish() {
        UUID subject = UUID.randomUUID();
        transaction.executeWithoutResult(status -> events.publish(subject, new UserDeleted()));
        return subject;
    }

    private EventAnswer ask(@Nullable UUID epoch, long cursor, Set<EventType> types, int limit) {
        return feed.answer(new EventFeed.Question(epoch, cursor, types, limit));
    }

    private UUID feedEpoch() {
        return ask(null, 0, ALL, 1).epoch();
    }
}
