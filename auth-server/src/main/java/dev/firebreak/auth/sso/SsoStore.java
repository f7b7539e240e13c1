package dev.firebreak.auth.sso;

import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.auth.user.UserAccount;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** SQL of {@code sso_session}. */
@Repository
class SsoStore {
    private static final String COLUMNS = "s.sid, s.user_id, s.auth_time, s.amr, s.acr, s.expires_at";

    private final JdbcClient jdbc;

    /** A live sign-in with its user, as one statement reads them. */
    record Live(SsoSession session, UserAccount user, Instant lastSeenAt, boolean remembered) {}

    SsoStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The live sign-in with this secret, user included: one look-up by unique index and one by primary key. This one
     * statement reads the users' table, which another module owns, because every authorization pays for it.
     */
    Optional<Live> findLive(SsoSecret secret, Instant now) {
        return jdbc.sql("""
                SELECT %s, s.last_seen_at, s.remembered, u.email, u.name, u.role, u.demo
                  FROM sso_session s JOIN user_account u ON u.id = s.user_id
                 WHERE s.secret_hash = :hash AND s.ended_at IS NULL AND s.expires_at > :now
                   AND u.disabled_at IS NULL
                """.formatted(COLUMNS))
                .param("hash", secret.hash())
                .param("now", SqlTime.of(now))
                .query((row, n) -> live(row))
                .optional();
    }

    Optional<SsoSession> findLive(UUID sid, Instant now) {
        return jdbc.sql("""
                SELECT %s FROM sso_session s
                 WHERE s.sid = :sid AND s.ended_at IS NULL AND s.expires_at > :now
                """.formatted(COLUMNS))
                .param("sid", sid)
                .param("now", SqlTime.of(now))
                .query((row, n) -> session(row))
                .optional();
    }

    /** As above, and keeps the row from changing until the transaction ends. */
    Optional<SsoSession> lock(SsoSecret secret, Instant now) {
        return jdbc.sql("""
                SELECT %s FROM sso_session s
                 WHERE s.secret_hash = :hash AND s.ended_at IS NULL AND s.expires_at > :now
                   FOR NO KEY UPDATE
                """.formatted(COLUMNS))
                .param("hash", secret.hash())
                .param("now", SqlTime.of(now))
                .query((row, n) -> session(row))
                .optional();
    }

    void insert(SsoSession session, SsoSecret secret, boolean remembered, String device, Instant now) {
        jdbc.sql("""
                INSERT INTO sso_session (sid, secret_hash, user_id, auth_time, amr, acr, created_at, last_seen_at,
                                         expires_at, remembered, device_label)
                VALUES (:sid, :hash, :user, :now, :amr, :acr, :now, :now, :expires, :remembered, :device)
                """)
                .param("sid", session.sid())
                .param("hash", secret.hash())
                .param("user", session.userId())
                .param("now", SqlTime.of(now))
                .param("amr", String.join(" ", session.amr()))
                .param("acr", session.acr())
                .param("expires", SqlTime.of(session.expiresAt()))
                .param("remembered", remembered)
                .param("device", device)
                .update();
    }

    /** The same sign-in proved again: new secret, new time of proof. */
    void renew(SsoSession session, SsoSecret secret, boolean remembered, String device, Instant now) {
        jdbc.sql("""
                UPDATE sso_session
                   SET secret_hash = :hash, auth_time = :now, amr = :amr, acr = :acr, last_seen_at = :now,
                       expires_at = :expires, remembered = :remembered, device_label = :device
                 WHERE sid = :sid
                """)
                .param("hash", secret.hash())
                .param("now", SqlTime.of(now))
                .param("amr", String.join(" ", session.amr()))
                .param("acr", session.acr())
                .param("expires", SqlTime.of(session.expiresAt()))
                .param("remembered", remembered)
                .param("device", device)
                .param("sid", session.sid())
                .update();
    }

    /** Notes a use; of several nodes that see one at a time, one writes. */
    void touch(UUID sid, Instant now, Instant unlessSeenSince, Instant expiresAt) {
        jdbc.sql("""
                UPDATE sso_session SET last_seen_at = :now, expires_at = :expires
                 WHERE sid = :sid AND last_seen_at <= :since AND ended_at IS NULL
                """)
                .param("now", SqlTime.of(now))
                .param("expires", SqlTime.of(expiresAt))
                .param("sid", sid)
                .param("since", SqlTime.of(unlessSeenSince))
                .update();
    }

    /** Ends the sign-in; answers whose it was, absent if it had ended or does not exist. */
    Optional<UUID> end(UUID sid, String reason, Instant now) {
        return jdbc.sql("""
                UPDATE sso_session SET ended_at = :now, end_reason = :reason
                 WHERE sid = :sid AND ended_at IS NULL
                RETURNING user_id
                """)
                .param("now", SqlTime.of(now))
                .param("reason", reason)
                .param("sid", sid)
                .query(UUID.class)
                .optional();
    }

    /** Whose sign-in it is or was; absent once its row is gone, which outlives its families. */
    Optional<UUID> findUser(UUID sid) {
        return jdbc.sql("SELECT user_id FROM sso_session WHERE sid = :sid")
                .param("sid", sid)
                .query(UUID.class)
                .optional();
    }

    /** Ends all sign-ins of the user; answers which. */
    List<UUID> endOfUser(UUID userId, String reason, Instant now) {
        return jdbc.sql("""
                UPDATE sso_session SET ended_at = :now, end_reason = :reason
                 WHERE user_id = :user AND ended_at IS NULL
                RETURNING sid
                """)
                .param("now", SqlTime.of(now))
                .param("reason", reason)
                .param("user", userId)
                .query((row, n) -> row.getObject("sid", UUID.class))
                .list();
    }

    private static Live live(ResultSet row) throws SQLException {
        UserAccount user = new UserAccount(
                row.getObject("user_id", UUID.class),
                row.getString("email"),
                row.getString("name"),
                UserAccount.Role.ofWireName(row.getString("role")),
                false,
                row.getBoolean("demo"));
        return new Live(session(row), user, SqlTime.read(row, "last_seen_at"), row.getBoolean("remembered"));
    }

    private static SsoSession session(ResultSet row) throws SQLException {
        return new SsoSession(
                row.getObject("sid", UUID.class),
                row.getObject("user_id", UUID.class),
                SqlTime.read(row, "auth_time"),
                List.of(row.getString("amr").split(" ")),
                row.getString("acr"),
                SqlTime.read(row, "expires_at"));
    }
}
