package dev.firebreak.auth.grant;

import dev.firebreak.auth.platform.SqlTime;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Ends families from outside: sign-out, disabling, "log out everywhere". */
final class SqlRefreshFamilies implements RefreshFamilies {
    private final JdbcClient jdbc;
    private final InstantSource clock;

    SqlRefreshFamilies(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    @Override
    public int endOfSession(UUID sid, String reason) {
        return end("sid", sid, reason);
    }

    @Override
    public int endOfUser(UUID userId, String reason) {
        return end("user_id", userId, reason);
    }

    private int end(String column, UUID value, String reason) {
        return jdbc.sql("""
                UPDATE refresh_family SET revoked_at = :now, revoked_reason = :reason
                 WHERE %s = :value AND revoked_at IS NULL
                """.formatted(column))
                .param("value", value)
                .param("reason", reason)
                .param("now", SqlTime.of(clock.instant()))
                .update();
    }
}
