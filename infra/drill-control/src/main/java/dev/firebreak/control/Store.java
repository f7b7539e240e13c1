package dev.firebreak.control;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Users, sessions and tasks in one database behind one pool; each call is one statement. */
final class Store {
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private final QueuePool pool;

    Store(QueuePool pool) {
        this.pool = pool;
    }

    void createTables() throws SQLException {
        with(connection -> connection.createStatement().execute("""
                        CREATE TABLE IF NOT EXISTS users (name text PRIMARY KEY);
                        CREATE TABLE IF NOT EXISTS session (id text PRIMARY KEY, name text NOT NULL);
                        CREATE TABLE IF NOT EXISTS task (id text PRIMARY KEY, owner text NOT NULL, title text NOT NULL);
                        CREATE INDEX IF NOT EXISTS task_owner ON task (owner, id);
                        """));
    }

    /** Opens a session. The password is taken as right: hashing it would only make the control look slower. */
    String signIn(String name) throws SQLException {
        String id = UUID.randomUUID().toString();
        return with(connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO session (id, name) VALUES (?, ?)")) {
                insert.setString(1, id);
                insert.setString(2, name);
                insert.executeUpdate();
                return id;
            }
        });
    }

    void signOut(String session) throws SQLException {
        with(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM session WHERE id = ?")) {
                delete.setString(1, session);
                return delete.executeUpdate();
            }
        });
    }

    /**
     * Who has this session: the incident's {@code get_current_user}. A failed look-up is tried again on a second
     * connection while the first is still held, as its sync fallback did.
     */
    Optional<String> userOf(String session) throws SQLException {
        Connection first = pool.acquire();
        boolean broken = true;
        try {
            Optional<String> user = lookUp(first, session);
            broken = false;
            return user;
        } catch (SQLException failed) {
            return with(second -> lookUp(second, session));
        } finally {
            pool.release(first, broken);
        }
    }

    List<String> titles(String owner) throws SQLException {
        return with(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT title FROM task WHERE owner = ? ORDER BY id DESC LIMIT 20")) {
                select.setString(1, owner);
                List<String> titles = new ArrayList<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        titles.add(rows.getString(1));
                    }
                }
                return titles;
            }
        });
    }

    String add(String owner, String title) throws SQLException {
        String id = UUID.randomUUID().toString();
        return with(connection -> {
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO task (id, owner, title) VALUES (?, ?, ?)")) {
                insert.setString(1, id);
                insert.setString(2, owner);
                insert.setString(3, title);
                insert.executeUpdate();
                return id;
            }
        });
    }

    private static Optional<String> lookUp(Connection connection, String session) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT name FROM session WHERE id = ?")) {
            select.setString(1, session);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        }
    }

    private <T> T with(Work<T> work) throws SQLException {
        Connection connection = pool.acquire();
        boolean broken = true;
        try {
            T result = work.on(connection);
            broken = false;
            return result;
        } finally {
            pool.release(connection, broken);
        }
    }
}
