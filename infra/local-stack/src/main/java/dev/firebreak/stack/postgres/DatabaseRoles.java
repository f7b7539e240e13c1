package dev.firebreak.stack.postgres;

import dev.firebreak.contracts.capacity.RoleTimeouts;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Makes a database, its roles and their rights what they should be, as often as one likes. Time-outs are settings of the
 * role, so that they hold whatever a client sends and behind a pooler too.
 */
record DatabaseRoles(Database database, String migratorPassword, String appPassword) {

    /** On the maintenance database, as superuser. */
    void createDatabase(Connection postgres) throws SQLException {
        try (Statement statement = postgres.createStatement()) {
            createRole(postgres, database.migrator());
            createRole(postgres, database.app());
            String attributes =
                    " LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS CONNECTION LIMIT ";
            execute(
                    statement,
                    List.of(
                            "ALTER ROLE " + database.migrator() + attributes + Database.MIGRATOR_CONNECTIONS,
                            "ALTER ROLE " + database.app() + attributes + Database.APP_CONNECTIONS,
                            // A migration that cannot get its lock gives up rather than queue everybody behind it.
                            "ALTER ROLE " + database.migrator() + " SET lock_timeout = '10s'",
                            passwordOrder(database.migrator(), migratorPassword),
                            passwordOrder(database.app(), appPassword)));
            for (Map.Entry<String, Duration> timeout : RoleTimeouts.settings().entrySet()) {
                statement.execute("ALTER ROLE " + database.app() + " SET " + timeout.getKey() + " = "
                        + timeout.getValue().toMillis());
            }
            if (!exists(postgres, "SELECT 1 FROM pg_database WHERE datname = ?", database.name())) {
                statement.execute("CREATE DATABASE " + database.name());
            }
            execute(
                    statement,
                    List.of(
                            "REVOKE ALL ON DATABASE " + database.name() + " FROM PUBLIC",
                            "REVOKE CONNECT ON DATABASE postgres FROM PUBLIC",
                            "GRANT CONNECT, TEMPORARY ON DATABASE " + database.name() + " TO " + database.migrator(),
                            "GRANT CONNECT ON DATABASE " + database.name() + " TO " + database.app()));
        }
    }

    /** Inside the database, as superuser. What the migrator makes later is the application's to use from then on. */
    void grant(Connection inside) throws SQLException {
        String future = "ALTER DEFAULT PRIVILEGES FOR ROLE " + database.migrator() + " IN SCHEMA public GRANT ";
        try (Statement statement = inside.createStatement()) {
            execute(
                    statement,
                    List.of(
                            "ALTER SCHEMA public OWNER TO " + database.migrator(),
                            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
                            "GRANT USAGE ON SCHEMA public TO " + database.app(),
                            future + "SELECT, INSERT, UPDATE, DELETE ON TABLES TO " + database.app(),
                            future + "USAGE ON SEQUENCES TO " + database.app()));
        }
    }

    private static void createRole(Connection postgres, String role) throws SQLException {
        if (!exists(postgres, "SELECT 1 FROM pg_roles WHERE rolname = ?", role)) {
            try (Statement statement = postgres.createStatement()) {
                statement.execute("CREATE ROLE " + role);
            }
        }
    }

    private static String passwordOrder(String role, String password) {
        return "ALTER ROLE " + role + " PASSWORD '" + ScramVerifier.of(password, new SecureRandom()) + "'";
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }

    private static void execute(Statement statement, List<String> orders) throws SQLException {
        for (String order : orders) {
            statement.execute(order);
        }
    }

    @Override
    public String toString() {
        return "DatabaseRoles[" + database + "]";
    }
}
