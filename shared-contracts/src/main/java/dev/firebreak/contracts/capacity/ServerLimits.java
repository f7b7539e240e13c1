package dev.firebreak.contracts.capacity;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * How many connections a PostgreSQL server grants, as any role may read it.
 *
 * @param role who asked
 * @param roleLimit its CONNECTION LIMIT; negative: none
 * @param maxConnections of the server
 * @param reserved of these, for superusers and for {@code pg_use_reserved_connections}
 * @param granted sum of the limits of all roles that may log in, the migration roles among them; roles without a limit
 *     promise nothing and are left out
 */
public record ServerLimits(String role, int roleLimit, int maxConnections, int reserved, int granted) {
    /** {@code reserved_connections} came with PostgreSQL 16. */
    private static final String QUERY = """
            SELECT rolname, rolconnlimit,
                   current_setting('max_connections')::int,
                   current_setting('superuser_reserved_connections')::int
                     + coalesce(current_setting('reserved_connections', true)::int, 0),
                   (SELECT coalesce(sum(rolconnlimit), 0)::int FROM pg_roles WHERE rolcanlogin AND rolconnlimit > 0)
              FROM pg_roles WHERE rolname = current_user""";

    /** Asks the server, one statement. */
    public static ServerLimits read(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            if (!row.next()) {
                throw new SQLException("The server does not know the role of this session", "28000");
            }
            return new ServerLimits(row.getString(1), row.getInt(2), row.getInt(3), row.getInt(4), row.getInt(5));
        }
    }

    /** Whether the role has a CONNECTION LIMIT. */
    public boolean isLimited() {
        return roleLimit >= 0;
    }
}
