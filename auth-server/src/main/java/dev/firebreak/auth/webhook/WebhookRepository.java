package dev.firebreak.auth.webhook;

import dev.firebreak.auth.event.EventJson;
import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.contracts.event.Event;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** SQL on {@code webhook} and {@code webhook_delivery}. */
final class WebhookRepository {
    private final JdbcClient jdbc;

    WebhookRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A message that this node has until its lease ends.
     *
     * @param attempts made, this one included
     * @param fence of this taking
     */
    record Taken(long id, String webhook, UUID eventId, String body, int attempts, long fence) {}

    /** A message that was given up. */
    record DeadLetter(
            long id,
            UUID eventId,
            String eventType,
            int attempts,
            @Nullable String outcome,
            Instant createdAt,
            Instant endedAt) {}

    /** Messages of a webhook by their state; counts of due ones stop at {@link #COUNTED}. */
    record Backlog(long due, long dead) {}

    static final int COUNTED = 10_000;

    /** A webhook that is new begins with what happens from now on. */
    void addMissing(String id, long end) {
        jdbc.sql("INSERT INTO webhook (id, cursor) VALUES (:id, :end) ON CONFLICT (id) DO NOTHING")
                .param("id", id)
                .param("end", end)
                .update();
    }

    OptionalLong findCursor(String id) {
        Optional<Long> cursor = jdbc.sql("SELECT cursor FROM webhook WHERE id = :id")
                .param("id", id)
                .query(Long.class)
                .optional();
        return cursor.isPresent() ? OptionalLong.of(cursor.get()) : OptionalLong.empty();
    }

    /**
     * Hands events over in one statement: all of them with the cursor, or none because another node was quicker.
     *
     * @param before the cursor after which the events were read
     * @return false if it was not there any more
     */
    boolean handOver(String id, long before, long cursor, List<Event> events, Instant now) {
        return jdbc.sql("""
                WITH moved AS (
                    UPDATE webhook SET cursor = :cursor WHERE id = :id AND cursor = :before RETURNING id
                ), written AS (
                    INSERT INTO webhook_delivery (webhook, event_id, event_type, body, state, due_at, created_at)
                    SELECT moved.id, message.event_id, message.event_type, message.body, 'due', :now, :now
                      FROM moved,
                           unnest(CAST(:ids AS uuid[]), CAST(:types AS text[]), CAST(:bodies AS text[]))
                               AS message (event_id, event_type, body)
                    ON CONFLICT (webhook, event_id) DO NOTHING
                )
                SELECT count(*) FROM moved
                """)
                        .param("id", id)
                        .param("before", before)
                        .param("cursor", cursor)
                        .param("now", SqlTime.of(now))
                        .param(
                                "ids",
                                events.stream().map(it -> it.id().toString()).toArray(String[]::new))
                        .param("types", events.stream().map(Event::type).toArray(String[]::new))
                        .param("bodies", events.stream().map(EventJson::write).toArray(String[]::new))
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /** Takes messages that are due; nobody else gets them until the lease ends. */
    List<Taken> take(String webhook, int limit, Instant now, Instant leaseUntil) {
        return jdbc.sql("""
                UPDATE webhook_delivery d
                   SET fence = d.fence + 1, attempts = d.attempts + 1, due_at = :leaseUntil
                  FROM (SELECT id FROM webhook_delivery
                         WHERE webhook = :webhook AND state = 'due' AND due_at <= :now
                         ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED) AS free
                 WHERE d.id = free.id
                RETURNING d.id, d.webhook, d.event_id, d.body, d.attempts, d.fence
                """)
                .param("webhook", webhook)
                .param("now", SqlTime.of(now))
                .param("leaseUntil", SqlTime.of(leaseUntil))
                .param("limit", limit)
                .query((row, n) -> new Taken(
                        row.getLong("id"),
                        row.getString("webhook"),
                        row.getObject("event_id", UUID.class),
                        row.getString("body"),
                        row.getInt("attempts"),
                        row.getLong("fence")))
                .list();
    }

    /** Notes an end; false if the lease was lost, and with it the say. */
    boolean end(Taken taken, String state, String outcome, Instant now) {
        return jdbc.sql("""
                UPDATE webhook_delivery SET state = :state, outcome = :outcome, ended_at = :now
                 WHERE id = :id AND fence = :fence AND state = 'due'
                """)
                        .param("state", state)
                        .param("outcome", outcome)
                        .param("now", SqlTime.of(now))
                        .param("id", taken.id())
                        .param("fence", taken.fence())
                        .update()
                == 1;
    }

    /** Notes a failure that is not the last; false if the lease was lost. */
    boolean retry(Taken taken, String outcome, Instant dueAt) {
        return jdbc.sql("""
                UPDATE webhook_delivery SET outcome = :outcome, due_at = :dueAt
                 WHERE id = :id AND fence = :fence AND state = 'due'
                """)
                        .param("outcome", outcome)
                        .param("dueAt", SqlTime.of(dueAt))
                        .param("id", taken.id())
                        .param("fence", taken.fence())
                        .update()
                == 1;
    }

    /** Gives up what has waited for too long, whether it was tried or not; answers how many. */
    int giveUp(String webhook, Instant dueSince, int limit, Instant now) {
        return jdbc.sql("""
                UPDATE webhook_delivery d
                   SET state = 'dead', outcome = coalesce(d.outcome, 'not tried'), ended_at = :now
                  FROM (SELECT id FROM webhook_delivery
                         WHERE coalesce(ended_at, created_at) <= :since AND webhook = :webhook AND state = 'due'
                           AND due_at <= :now
                         LIMIT :limit FOR UPDATE SKIP LOCKED) AS old
                 WHERE d.id = old.id
                """)
                .param("webhook", webhook)
                .param("since", SqlTime.of(dueSince))
                .param("now", SqlTime.of(now))
                .param("limit", limit)
                .update();
    }

    /** Dead letters after an id, oldest first. */
    List<DeadLetter> dead(String webhook, long after, int limit) {
        return jdbc.sql("""
                SELECT id, event_id, event_type, attempts, outcome, created_at, ended_at
                  FROM webhook_delivery WHERE webhook = :webhook AND state = 'dead' AND id > :after
                 ORDER BY id LIMIT :limit
                """)
                .param("webhook", webhook)
                .param("after", after)
                .param("limit", limit)
                .query((row, n) -> new DeadLetter(
                        row.getLong("id"),
                        row.getObject("event_id", UUID.class),
                        row.getString("event_type"),
                        row.getInt("attempts"),
                        row.getString("outcome"),
                        SqlTime.read(row, "created_at"),
                        SqlTime.read(row, "ended_at")))
                .list();
    }

    /** Makes dead letters due again, with all their attempts before them. */
    int replay(String webhook, @Nullable UUID eventId, int limit, Instant now) {
        return jdbc.sql("""
                UPDATE webhook_delivery d SET state = 'due', attempts = 0, due_at = :now, created_at = :now, ended_at = NULL
                  FROM (SELECT id FROM webhook_delivery
                         WHERE webhook = :webhook AND state = 'dead'
                           AND (CAST(:eventId AS uuid) IS NULL OR event_id = CAST(:eventId AS uuid))
                         ORDER BY id LIMIT :limit FOR UPDATE) AS chosen
                 WHERE d.id = chosen.id
                """)
                .param("webhook", webhook)
                .param("eventId", eventId == null ? null : eventId.toString())
                .param("now", SqlTime.of(now))
                .param("limit", limit)
                .update();
    }

    /** By webhook; one that has neither is not among them. */
    Map<String, Backlog> backlog(List<String> webhooks) {
        Map<String, Backlog> backlog = new HashMap<>();
        jdbc.sql("""
                SELECT w.id,
                       (SELECT count(*) FROM (SELECT FROM webhook_delivery
                                               WHERE webhook = w.id AND state = 'due' LIMIT :counted) AS d) AS due,
                       (SELECT count(*) FROM (SELECT FROM webhook_delivery
                                               WHERE webhook = w.id AND state = 'dead' LIMIT :counted) AS d) AS dead
                  FROM webhook w WHERE w.id = ANY (string_to_array(:ids, ' '))
                """)
                .param("counted", COUNTED)
                .param("ids", String.join(" ", webhooks))
                .query(row -> {
                    backlog.put(row.getString("id"), new Backlog(row.getLong("due"), row.getLong("dead")));
                });
        return backlog;
    }
}
