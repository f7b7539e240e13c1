package dev.firebreak.system.harness;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The signing keys as the database has them, past all caches: to look at, never to change. */
public final class KeyTable {
    /** Stages of a rotation, as they stand in the report. */
    public static final String NOTHING = "1 before anything was stored";

    public static final String DONE = "4 after the new key took over";

    private static final Duration LOOK_EVERY = Duration.ofMillis(2);

    private final Supplier<Connection> database;

    /** @param database makes a connection for each use */
    public KeyTable(Supplier<Connection> database) {
        this.database = database;
    }

    /** The key that signs; fails unless there is exactly one. */
    public String active() {
        List<String> active = texts("SELECT kid FROM signing_key WHERE state = 'active'");
        if (active.size() != 1) {
            throw new AssertionError("active keys: " + active);
        }
        return active.getFirst();
    }

    /** Every key that ever was and still has a row. */
    public Set<String> all() {
        return Set.copyOf(texts("SELECT kid FROM signing_key"));
    }

    /** Which node acts on the schedule; empty text if none ever did. */
    public String leaseHolder() {
        return texts("SELECT coalesce(holder, '') FROM signing_lease").getFirst();
    }

    /**
     * How far the rotation is that began with these keys.
     *
     * @param active the key that was active then
     */
    public String stage(Set<String> known, String active) {
        Map<String, String> states = new HashMap<>();
        for (String row :
                texts("SELECT kid || ' ' || state || CASE WHEN confirmed_at IS NULL THEN '' ELSE ' confirmed' END"
                        + " FROM signing_key")) {
            states.put(row.substring(0, row.indexOf(' ')), row.substring(row.indexOf(' ') + 1));
        }
        Map<String, String> fresh = new LinkedHashMap<>(states);
        fresh.keySet().removeAll(known);
        if (fresh.isEmpty()) {
            return NOTHING;
        }
        if (fresh.size() > 1) {
            return "more than one new key: " + fresh;
        }
        String state = fresh.values().iterator().next();
        if (state.startsWith("active")) {
            return states.get(active).startsWith("retiring") ? DONE : "former key " + states.get(active);
        }
        return state.equals("published confirmed") ? "3 after every verifier had it" : "2 after it was " + state;
    }

    /** Looks all the time until it is closed. */
    public Watch watch() {
        return new Watch();
    }

    private List<String> texts(String sql) {
        try (Connection connection = database.get();
                PreparedStatement statement = connection.prepareStatement(sql);
                ResultSet rows = statement.executeQuery()) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Each look is one statement, so it sees one moment. */
    public final class Watch implements AutoCloseable {
        private final AtomicLong looks = new AtomicLong();
        private final List<String> wrong = new CopyOnWriteArrayList<>();
        private final Thread thread =
                Thread.ofPlatform().name("key-watch").daemon().start(this::look);
        private volatile boolean over;

        private Watch() {}

        public long looks() {
            return looks.get();
        }

        /** Every look that did not find exactly one active key; a look that failed is one of them. */
        public List<String> wrong() {
            return List.copyOf(wrong);
        }

        @Override
        public void close() {
            over = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }

        private void look() {
            try (Connection connection = database.get();
                    PreparedStatement statement =
                            connection.prepareStatement("SELECT count(*) FROM signing_key WHERE state = 'active'")) {
                while (!over) {
                    try (ResultSet rows = statement.executeQuery()) {
                        rows.next();
                        if (rows.getInt(1) != 1) {
                            wrong.add(rows.getInt(1) + " at look " + looks);
                        }
                    }
                    looks.incrementAndGet();
                    LockSupport.parkNanos(LOOK_EVERY.toNanos());
                }
            } catch (SQLException | RuntimeException e) {
                wrong.add(e.toString());
            }
        }
    }
}
