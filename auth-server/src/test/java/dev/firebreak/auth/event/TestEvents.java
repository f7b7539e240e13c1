package dev.firebreak.auth.event;

import dev.firebreak.contracts.event.EventData;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The module on one database, without its loops. */
public final class TestEvents {
    public final EventFeed feed;
    private final Events events;
    private final TransactionTemplate transaction;
    private final EventPurge purge;

    public TestEvents(DataSource pool, InstantSource clock) {
        JdbcClient jdbc = JdbcClient.create(pool);
        feed = new EventFeed(new EventRepository(jdbc), clock);
        events = new SqlEvents(pool, clock, new EventNews());
        transaction = new TransactionTemplate(new DataSourceTransactionManager(pool));
        purge = new EventPurge(jdbc, Duration.ofDays(30), clock, new SimpleMeterRegistry());
    }

    /** Commits an event and lets this node see it. */
    public void publish(UUID subject, EventData data) {
        transaction.executeWithoutResult(status -> events.publish(subject, data));
        feed.refresh();
    }

    public void refresh() {
        feed.refresh();
    }

    public void purge() {
        purge.run();
        feed.refresh();
    }
}
