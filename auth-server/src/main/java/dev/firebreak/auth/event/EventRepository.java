package dev.firebreak.auth.event;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.contracts.event.Event;
import dev.firebreak.contracts.event.EventType;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** SQL on {@code event_state} and {@code event}. The epoch is the trust feed's: one database has one identity. */
final class EventRepository {
    private final JdbcClient jdbc;

    EventRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Where a reader stands, as the database saw it.
     *
     * @param begin the number after which the page begins: the reader's own, or the oldest kept for another epoch's reader
     * @param last number of the last event of all
     * @param purged the highest number that was deleted after its time
     * @param events those after {@code begin}, of the types asked for
     */
    record Page(UUID epoch, long begin, long last, long purged, List<Event> events) {
        Page {
            events = List.copyOf(events);
        }
    }

    /**
     * Appends in one statement. The numbers are taken from a row that stays locked until the caller commits, so that nobody
     * can read a higher number before a lower one.
     */
    void append(List<SqlEvents.Draft> drafts) {
        jdbc.sql("""
                WITH taken AS (
                    UPDATE event_state SET seq = seq + :count RETURNING seq
                )
                INSERT INTO event (seq, type, subject, data, happened_at)
                SELECT taken.seq - :count + draft.place, draft.type, draft.subject, draft.data, draft.happened_at
                  FROM taken,
                       unnest(CAST(:types AS text[]), CAST(:subjects AS uuid[]), CAST(:data AS jsonb[]),
                              CAST(:times AS timestamptz[]))
                         WITH ORDINALITY AS draft (type, subject, data, happened_at, place)
                """)
                .param("count", drafts.size())
                .param(
                        "types",
                        drafts.stream().map(it -> it.data().type().wireName()).toArray(String[]::new))
                .param(
                        "subjects",
                        drafts.stream().map(it -> it.subject().toString()).toArray(String[]::new))
                .param(
                        "data",
                        drafts.stream()
                                .map(it ->
                                        JSONObjectUtils.toJSONString(it.data().members()))
                                .toArray(String[]::new))
                .param(
                        "times",
                        drafts.stream()
                                .map(it -> SqlTime.of(it.happenedAt()).toString())
                                .toArray(String[]::new))
                .update();
    }

    /** Where the events end, of all types and of each; one statement, so that all of it is of one moment. */
    EventHead head(Instant now) {
        Map<EventType, Long> last = new HashMap<>();
        State state = new State();
        jdbc.sql("""
                SELECT t.epoch, s.seq, s.purged_seq, k.type,
                       (SELECT max(e.seq) FROM event e WHERE e.type = k.type) AS last_seq
                  FROM event_state s, trust_state t, unnest(string_to_array(:types, ' ')) AS k (type)
                """).param("types", names(Arrays.asList(EventType.values()))).query(row -> {
            state.read(row);
            long seq = row.getLong("last_seq");
            EventType.find(row.getString("type")).ifPresent(type -> last.put(type, seq));
        });
        return new EventHead(state.epoch(), state.seq, state.purged, last, now);
    }

    /**
     * The next events of some types, as one statement sees them.
     *
     * @param epoch the reader's; absent or another one's = from the oldest on
     * @param window numbers that are looked at, at most
     */
    Page pageAfter(@Nullable UUID epoch, long after, Collection<EventType> types, int limit, int window) {
        List<Event> events = new ArrayList<>();
        State state = new State();
        jdbc.sql("""
                SELECT t.epoch, s.seq AS last_seq, s.purged_seq, b.begin,
                       e.seq, e.id, e.type, e.subject, e.data, e.happened_at
                  FROM event_state s
                 CROSS JOIN trust_state t
                 CROSS JOIN LATERAL (SELECT CASE WHEN t.epoch = CAST(:epoch AS uuid) THEN CAST(:after AS bigint)
                                                 ELSE s.purged_seq END) AS b (begin)
                  LEFT JOIN LATERAL
                       (SELECT seq, id, type, subject, data, happened_at FROM event
                         WHERE seq > b.begin AND seq <= b.begin + :window
                           AND type = ANY (string_to_array(:types, ' '))
                         ORDER BY seq LIMIT :limit) AS e ON true
                 ORDER BY e.seq
                """)
                .param("epoch", epoch == null ? null : epoch.toString())
                .param("after", after)
                .param("types", names(types))
                .param("window", window)
                .param("limit", limit)
                .query(row -> {
                    state.epoch = row.getObject("epoch", UUID.class);
                    state.seq = row.getLong("last_seq");
                    state.purged = row.getLong("purged_seq");
                    state.begin = row.getLong("begin");
                    if (row.getString("type") != null) {
                        events.add(event(row));
                    }
                });
        return new Page(state.epoch(), state.begin, state.seq, state.purged, events);
    }

    private static Event event(ResultSet row) throws SQLException {
        try {
            return new Event(
                    row.getLong("seq"),
                    row.getObject("id", UUID.class),
                    row.getString("type"),
                    SqlTime.read(row, "happened_at"),
                    row.getObject("subject", UUID.class),
                    JSONObjectUtils.parse(row.getString("data")));
        } catch (ParseException e) {
            throw new IllegalStateException("Event %d holds no JSON".formatted(row.getLong("seq")), e);
        }
    }

    private static String names(Collection<EventType> types) {
        return types.stream().map(EventType::wireName).collect(Collectors.joining(" "));
    }

    private static final class State {
        @Nullable
        UUID epoch;

        long seq;
        long purged;
        long begin;

        void read(ResultSet row) throws SQLException {
            epoch = row.getObject("epoch", UUID.class);
            seq = row.getLong("seq");
            purged = row.getLong("purged_seq");
        }

        UUID epoch() {
            if (epoch == null) {
                throw new IllegalStateException(
                        "event_state or trust_state is empty: the database is not a migrated one");
            }
            return epoch;
        }
    }
}
