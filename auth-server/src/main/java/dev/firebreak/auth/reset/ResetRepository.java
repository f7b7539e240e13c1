package dev.firebreak.auth.reset;

import dev.firebreak.auth.platform.SqlTime;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/** SQL on {@code password_reset}. Each method is one statement. */
final class ResetRepository {
    private final JdbcClient jdbc;

    ResetRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Gives the user this link and takes the last one away. */
    void replace(UUID user, ResetToken token, Instant now, Instant expiresAt) {
        jdbc.sql("""
                INSERT INTO password_reset (user_id, token_hash, created_at, expires_at)
                VALUES (:user, :hash, :now, :expires)
                ON CONFLICT (user_id) DO UPDATE
                   SET token_hash = excluded.token_hash, created_at = excluded.created_at,
                       expires_at = excluded.expires_at
                """)
                .param("user", user)
                .param("hash", token.hash())
                .param("now", SqlTime.of(now))
                .param("expires", SqlTime.of(expiresAt))
                .update();
    }

    /** Whose link this is, while it is good. */
    Optional<UUID> find(ResetToken token, Instant now) {
        return jdbc.sql("SELECT user_id FROM password_reset WHERE token_hash = :hash AND expires_at > :now")
                .param("hash", token.hash())
                .param("now", SqlTime.of(now))
                .query(UUID.class)
                .optional();
    }

    /** Uses the link up. Of several that try at once, one gets true. */
    boolean use(ResetToken token, Instant now) {
        return jdbc.sql("DELETE FROM password_reset WHERE token_hash = :hash AND expires_at > :now")
                        .param("hash", token.hash())
                        .param("now", SqlTime.of(now))
                        .update()
                == 1;
    }
}
