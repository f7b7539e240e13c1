package dev.firebreak.auth.event;

import dev.firebreak.contracts.event.EventData;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Writes events of one pool's transactions. */
final class SqlEvents implements Events {
    private final DataSource pool;
    private final EventRepository repository;
    private final InstantSource clock;
    private final EventNews news;

    SqlEvents(DataSource pool, InstantSource clock, EventNews news) {
        this.pool = pool;
        this.repository = new EventRepository(JdbcClient.create(pool));
        this.clock = clock;
        this.news = news;
    }

    /** Not numbered yet. */
    record Draft(UUID subject, EventData data, Instant happenedAt) {}

    @Override
    public void publish(UUID subject, EventData data) {
        // On another pool the row would be committed by itself.
        if (!TransactionSynchronizationManager.isActualTransactionActive()
                || !TransactionSynchronizationManager.hasResource(pool)) {
            throw new IllegalStateException("An event is published together with what it tells of");
        }
        // As the database keeps it.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        ofThisTransaction().add(new Draft(subject, data, now));
    }

    private Drafts ofThisTransaction() {
        for (TransactionSynchronization known : TransactionSynchronizationManager.getSynchronizations()) {
            if (known instanceof Drafts drafts && drafts.isOf(this)) {
                return drafts;
            }
        }
        Drafts drafts = new Drafts();
        TransactionSynchronizationManager.registerSynchronization(drafts);
        return drafts;
    }

    /** What one transaction publishes; used by its thread only. */
    private final class Drafts implements TransactionSynchronization {
        private final List<Draft> drafts = new ArrayList<>();
        private final Map<Object, Integer> savepoints = new IdentityHashMap<>();
        private boolean numbered;

        boolean isOf(SqlEvents events) {
            return SqlEvents.this == events;
        }

        void add(Draft draft) {
            if (numbered) {
                // Somebody else who also waited for the end.
                repository.append(List.of(draft));
            } else {
                drafts.add(draft);
            }
        }

        @Override
        public void savepoint(Object savepoint) {
            savepoints.put(savepoint, drafts.size());
        }

        /** What was published since is taken back with what it tells of. */
        @Override
        public void savepointRollback(Object savepoint) {
            int kept = savepoints.getOrDefault(savepoint, 0);
            drafts.subList(kept, drafts.size()).clear();
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            numbered = true;
            if (!drafts.isEmpty()) {
                repository.append(drafts);
            }
        }

        @Override
        public void afterCommit() {
            news.committed();
        }
    }
}
