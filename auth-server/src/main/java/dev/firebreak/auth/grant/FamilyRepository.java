package dev.firebreak.auth.grant;

import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.contracts.token.Lifetimes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** SQL on {@code refresh_family}. Each method is one statement, atomic by itself. */
final class FamilyRepository {
    private static final String COLUMNS = """
            f.generation, f.rotated_at, f.late_replays, f.last_late_generation, f.idle_until, f.expires_at, f.revoked_at,
            f.sid, f.user_id, f.client_id, f.scopes, f.auth_time, f.amr, f.acr,
            u.email, u.name, u.role, u.demo, u.disabled_at IS NOT NULL AS disabled
            """;

    private final JdbcClient jdbc;

    FamilyRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A family and what it grants. */
    record Family(FamilyRow row, UserGrant grant) {}

    /**
     * The common case in one statement: spends the newest token and makes its successor the newest. Empty if anything
     * speaks against it; then {@link RefreshPolicy} decides. Must agree with it: {@code RefreshSqlIT} compares the two.
     */
    Optional<Family> rotate(UUID family, String clientId, long presented, Instant now) {
        return jdbc.sql("UPDATE refresh_family f" + """

                   SET generation = f.generation + 1,
                       rotated_at = :now,
                       late_replays = CASE WHEN f.last_late_generation = f.generation THEN f.late_replays ELSE 0 END,
                       idle_until = LEAST(:idleUntil, f.expires_at)
                  FROM user_account u
                 WHERE f.id = :family AND f.client_id = :clientId AND f.generation = :presented
                   AND f.revoked_at IS NULL AND f.idle_until > :now AND f.expires_at > :now
                   AND u.id = f.user_id AND u.disabled_at IS NULL
                RETURNING
                """ + COLUMNS)
                .param("family", family)
                .param("clientId", clientId)
                .param("presented", presented)
                .param("now", SqlTime.of(now))
                .param("idleUntil", SqlTime.of(now.plus(Lifetimes.REFRESH_IDLE)))
                .query(FamilyRepository::family)
                .optional();
    }

    Optional<Family> find(UUID family, String clientId) {
        return jdbc.sql("SELECT " + COLUMNS + """
                  FROM refresh_family f JOIN user_account u ON u.id = f.user_id
                 WHERE f.id = :family AND f.client_id = :clientId
                """)
                .param("family", family)
                .param("clientId", clientId)
                .query(FamilyRepository::family)
                .optional();
    }

    /** Rotates to a given generation, unless the family changed since {@code seen} was read. */
    boolean rotateTo(UUID family, FamilyRow seen, RefreshDecision.Rotate to, Instant now) {
        return jdbc.sql("""
                UPDATE refresh_family
                   SET generation = :generation, rotated_at = :now, late_replays = :lateReplays,
                       idle_until = LEAST(:idleUntil, expires_at)
                 WHERE id = :family AND generation = :seen AND revoked_at IS NULL
                """)
                        .param("family", family)
                        .param("generation", to.generation())
                        .param("lateReplays", to.lateReplays())
                        .param("seen", seen.generation())
                        .param("now", SqlTime.of(now))
                        .param("idleUntil", SqlTime.of(now.plus(Lifetimes.REFRESH_IDLE)))
                        .update()
                == 1;
    }

    /** Counts the newest generation's first late replay, unless the family changed since {@code seen} was read. */
    boolean countLateReplay(UUID family, FamilyRow seen) {
        return jdbc.sql("""
                UPDATE refresh_family
                   SET late_replays = late_replays + 1, last_late_generation = generation
                 WHERE id = :family AND generation = :seen AND last_late_generation <> generation
                   AND revoked_at IS NULL
                """)
                        .param("family", family)
                        .param("seen", seen.generation())
                        .update()
                == 1;
    }

    /** Ends the family, unless it changed since {@code seen} was read. */
    boolean end(UUID family, FamilyRow seen, String reason, Instant now) {
        return jdbc.sql("""
                UPDATE refresh_family
                   SET revoked_at = :now, revoked_reason = :reason
                 WHERE id = :family AND generation = :seen AND revoked_at IS NULL
                """)
                        .param("family", family)
                        .param("seen", seen.generation())
                        .param("reason", reason)
                        .param("now", SqlTime.of(now))
                        .update()
                == 1;
    }

    /** Ends the family in any case; false if it was over or never was. */
    boolean end(UUID family, String clientId, String reason, Instant now) {
        return jdbc.sql("""
                UPDATE refresh_family
                   SET revoked_at = :now, revoked_reason = :reason
                 WHERE id = :family AND client_id = :clientId AND revoked_at IS NULL
                """)
                        .param("family", family)
                        .param("clientId", clientId)
                        .param("reason", reason)
                        .param("now", SqlTime.of(now))
                        .update()
                == 1;
    }

    /**
     * Families that were begun until a time, and begun or renewed for the last time between two others.
     *
     * @param since from when, inclusive
     * @param until the last moment of it
     */
    record Touched(Instant since, Instant until, Instant begunUntil) {}

    /** How many of them live. */
    long countLive(Touched touched, Instant now) {
        return live("count(*)", touched, now, "").query(Long.class).single();
    }

    /** A few of them that live. */
    List<UUID> findLive(Touched touched, Instant now, int limit) {
        return live("id", touched, now, "ORDER BY id LIMIT " + limit)
                .query((row, n) -> row.getObject("id", UUID.class))
                .list();
    }

    private JdbcClient.StatementSpec live(String what, Touched touched, Instant now, String end) {
        return jdbc.sql("SELECT " + what + " " + """
                  FROM refresh_family
                 WHERE rotated_at BETWEEN :since AND :until AND created_at <= :begunUntil AND revoked_at IS NULL AND idle_until > :now
                """ + end)
                .param("since", SqlTime.of(touched.since()))
                .param("until", SqlTime.of(touched.until()))
                .param("begunUntil", SqlTime.of(touched.begunUntil()))
                .param("now", SqlTime.of(now));
    }

    /**
     * What ended, a batch at a time.
     *
     * @param last id to go on behind; absent = there are no more
     */
    record Batch(int ended, @Nullable UUID last) {}

    /** Ends those of them whose rows nobody holds at this moment, in the order of their ids. */
    Batch endFree(Touched touched, String reason, Instant now, UUID behind, int limit) {
        return jdbc.sql("""
                WITH due AS MATERIALIZED (
                    SELECT id FROM refresh_family
                     WHERE id > :behind AND rotated_at BETWEEN :since AND :until AND created_at <= :begunUntil
                       AND revoked_at IS NULL AND idle_until > :now
                     ORDER BY id LIMIT :limit
                       FOR NO KEY UPDATE SKIP LOCKED
                ), ended AS (
                    UPDATE refresh_family f SET revoked_at = :now, revoked_reason = :reason
                      FROM due WHERE f.id = due.id AND f.revoked_at IS NULL
                    RETURNING f.id
                )
                SELECT (SELECT count(*) FROM ended) AS ended,
                       (SELECT id FROM due ORDER BY id DESC LIMIT 1) AS last
                """)
                .param("behind", behind)
                .param("since", SqlTime.of(touched.since()))
                .param("until", SqlTime.of(touched.until()))
                .param("begunUntil", SqlTime.of(touched.begunUntil()))
                .param("reason", reason)
                .param("now", SqlTime.of(now))
                .param("limit", limit)
                .query((row, n) -> new Batch(row.getInt("ended"), row.getObject("last", UUID.class)))
                .single();
    }

    /**
     * Ends the family in any case, and waits for its row as long as the role may.
     *
     * @return false if it was over
     * @throws org.springframework.dao.DataAccessException among others if the row was held for so long
     */
    boolean end(UUID family, String reason, Instant now) {
        return jdbc.sql("""
                UPDATE refresh_family SET revoked_at = :now, revoked_reason = :reason
                 WHERE id = :family AND revoked_at IS NULL
                """)
                        .param("family", family)
                        .param("reason", reason)
                        .param("now", SqlTime.of(now))
                        .update()
                == 1;
    }

    private static Family family(ResultSet row, int number) throws SQLException {
        FamilyRow decisive = new FamilyRow(
                row.getLong("generation"),
                SqlTime.read(row, "rotated_at"),
                row.getInt("late_replays"),
                row.getLong("last_late_generation"),
                SqlTime.read(row, "idle_until"),
                SqlTime.read(row, "expires_at"),
                SqlTime.readNullable(row, "revoked_at"));
        return new Family(decisive, UserGrantRow.read(row, row.getString("client_id"), null));
    }
}
