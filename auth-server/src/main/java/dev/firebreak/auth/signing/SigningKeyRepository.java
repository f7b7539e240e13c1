package dev.firebreak.auth.signing;

import dev.firebreak.auth.platform.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * SQL on {@code signing_key}, {@code signing_key_set} and {@code signing_lease}. A change names the state that it starts
 * from and happens only from there.
 */
final class SigningKeyRepository {
    static final String TABLE = "signing_key";

    private final JdbcClient jdbc;

    SigningKeyRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A key as a node needs it.
     *
     * @param sealedPrivate absent once destroyed
     * @param signFrom signs only from then on; absent = at once
     * @param signUntil hard end of signing; absent = none
     */
    record Row(
            String kid,
            KeyState state,
            SigningAlgorithm algorithm,
            String publicJwk,
            byte @Nullable [] sealedPrivate,
            @Nullable String wrappingKeyId,
            @Nullable Instant signFrom,
            @Nullable Instant signUntil) {}

    /**
     * All keys that are not over, and the version of the set; of one moment, because it is one statement.
     *
     * @param emergency whether a key was published to take over in an emergency and has not yet done so
     */
    record Rows(UUID epoch, long version, List<Row> keys, boolean emergency) {}

    Rows findLiving() {
        List<Row> keys = new ArrayList<>();
        long[] version = {-1};
        UUID[] epoch = {new UUID(0, 0)};
        boolean[] emergency = {false};
        jdbc.sql("""
                SELECT t.epoch, s.version, k.kid, k.state, k.algorithm, k.public_jwk, k.sealed_private, k.wrapping_key_id,
                       k.sign_from, k.sign_until, k.state = 'published' AND k.emergency_at IS NOT NULL AS emergency
                  FROM signing_key_set s
                  CROSS JOIN trust_state t
                  LEFT JOIN signing_key k ON k.state IN ('staged', 'published', 'active', 'retiring')
                 ORDER BY k.created_at, k.kid
                """).query(row -> {
            version[0] = row.getLong("version");
            epoch[0] = row.getObject("epoch", UUID.class);
            if (row.getString("kid") != null) {
                emergency[0] |= row.getBoolean("emergency");
                keys.add(new Row(
                        row.getString("kid"),
                        KeyState.ofWireName(row.getString("state")),
                        SigningAlgorithm.valueOf(row.getString("algorithm")),
                        row.getString("public_jwk"),
                        row.getBytes("sealed_private"),
                        row.getString("wrapping_key_id"),
                        SqlTime.readNullable(row, "sign_from"),
                        SqlTime.readNullable(row, "sign_until")));
            }
        });
        requireMigrated(version[0]);
        return new Rows(epoch[0], version[0], keys, emergency[0]);
    }

    /** Every key there ever was, for those who move them. */
    KeyTable findAll() {
        List<SigningKey> keys = new ArrayList<>();
        long[] version = {-1};
        jdbc.sql("""
                SELECT s.version, k.kid, k.state, k.algorithm, k.created_at, k.published_at, k.published_version,
                       k.confirmed_at, k.activated_at, k.sign_from, k.sign_until, k.retiring_at, k.retired_at,
                       k.revoked_at, k.wanted, k.hurried, k.emergency_at, k.emergency_kids
                  FROM signing_key_set s
                  LEFT JOIN signing_key k ON true
                 ORDER BY k.created_at, k.kid
                """).query(row -> {
            version[0] = row.getLong("version");
            if (row.getString("kid") != null) {
                keys.add(key(row));
            }
        });
        requireMigrated(version[0]);
        return new KeyTable(version[0], keys);
    }

    private static SigningKey key(ResultSet row) throws SQLException {
        long publishedVersion = row.getLong("published_version");
        return new SigningKey(
                row.getString("kid"),
                KeyState.ofWireName(row.getString("state")),
                SigningAlgorithm.valueOf(row.getString("algorithm")),
                SqlTime.read(row, "created_at"),
                SqlTime.readNullable(row, "published_at"),
                publishedVersion == 0 ? null : publishedVersion,
                SqlTime.readNullable(row, "confirmed_at"),
                SqlTime.readNullable(row, "activated_at"),
                SqlTime.readNullable(row, "sign_from"),
                SqlTime.readNullable(row, "sign_until"),
                SqlTime.readNullable(row, "retiring_at"),
                SqlTime.readNullable(row, "retired_at"),
                SqlTime.readNullable(row, "revoked_at"),
                row.getBoolean("wanted"),
                row.getBoolean("hurried"),
                emergency(row));
    }

    private static SigningKey.@Nullable Emergency emergency(ResultSet row) throws SQLException {
        Instant since = SqlTime.readNullable(row, "emergency_at");
        return since == null
                ? null
                : new SigningKey.Emergency(
                        since, List.of(row.getString("emergency_kids").split(" ", -1)));
    }

    private static void requireMigrated(long version) {
        if (version < 0) {
            throw new IllegalStateException("Table signing_key_set is empty: the database is not a migrated one");
        }
    }

    /**
     * The next version of the set, if nobody has moved a key since {@code expected} was read. First in each transaction
     * that moves keys: whoever is second waits here and then sees that the version is another one.
     */
    Optional<Long> nextVersion(long expected) {
        return jdbc.sql("UPDATE signing_key_set SET version = version + 1 WHERE version = :expected RETURNING version")
                .param("expected", expected)
                .query(Long.class)
                .optional();
    }

    void insertStaged(KeyVault.Fresh key, boolean wanted, boolean hurried, Instant now) {
        jdbc.sql("""
                INSERT INTO signing_key
                       (kid, state, algorithm, public_jwk, sealed_private, wrapping_key_id, created_at, wanted, hurried)
                VALUES (:kid, 'staged', :algorithm, :publicJwk, :sealedPrivate, :wrappingKeyId, :now, :wanted, :hurried)
                """)
                .param("kid", key.kid())
                .param("algorithm", key.algorithm().name())
                .param("publicJwk", key.publicJwk())
                .param("sealedPrivate", key.sealedPrivate())
                .param("wrappingKeyId", key.wrappingKeyId())
                .param("now", SqlTime.of(now))
                .param("wanted", wanted)
                .param("hurried", hurried)
                .update();
    }

    void publish(String kid, long version, Instant now) {
        move(
                "state = 'published', published_at = :now, published_version = :version",
                kid,
                KeyState.STAGED,
                now,
                statement -> statement.param("version", version));
    }

    void confirm(String kid, Instant now) {
        move("confirmed_at = :now", kid, KeyState.PUBLISHED, now, statement -> statement);
    }

    /** As soon as the schedule allows, or sooner. */
    void want(String kid, boolean hurried, Instant now) {
        jdbc.sql("""
                UPDATE signing_key SET wanted = true, hurried = hurried OR :hurried
                 WHERE kid = :kid AND state IN ('staged', 'published') AND created_at <= :now
                """)
                .param("kid", kid)
                .param("hurried", hurried)
                .param("now", SqlTime.of(now))
                .update();
    }

    /** Notes in an emergency what the key is for, so that any node can finish it. */
    void intend(String kid, List<String> takesBack, Instant now) {
        jdbc.sql("""
                UPDATE signing_key SET emergency_at = :now, emergency_kids = :kids, wanted = true, hurried = true
                 WHERE kid = :kid AND state = 'published'
                """)
                .param("kid", kid)
                .param("kids", String.join(" ", takesBack))
                .param("now", SqlTime.of(now))
                .update();
    }

    /** After {@link #retiring} or {@link #revoke} of the key that is active: the unique index admits one only. */
    void activate(String kid, @Nullable Instant signFrom, Instant signUntil, Instant now) {
        move(
                """
                state = 'active', activated_at = :now, sign_from = CAST(:signFrom AS timestamptz),
                sign_until = :signUntil, wanted = false, hurried = false\
                """,
                kid,
                KeyState.PUBLISHED,
                now,
                statement -> statement
                        .param("signFrom", SqlTime.ofNullable(signFrom))
                        .param("signUntil", SqlTime.of(signUntil)));
    }

    void retiring(String kid, Instant now) {
        move("state = 'retiring', retiring_at = :now", kid, KeyState.ACTIVE, now, statement -> statement);
    }

    /** For good: without its private half nobody can make it sign again, not from a backup of tomorrow either. */
    void retire(String kid, KeyState from, Instant now) {
        move(
                "state = 'retired', retired_at = :now, sealed_private = NULL, wrapping_key_id = NULL",
                kid,
                from,
                now,
                statement -> statement);
    }

    void revoke(String kid, KeyState from, Instant now) {
        move(
                "state = 'revoked', revoked_at = :now, sealed_private = NULL, wrapping_key_id = NULL",
                kid,
                from,
                now,
                statement -> statement);
    }

    private void move(
            String change,
            String kid,
            KeyState from,
            Instant now,
            java.util.function.UnaryOperator<JdbcClient.StatementSpec> more) {
        int moved = more.apply(jdbc.sql("UPDATE signing_key SET " + change + " WHERE kid = :kid AND state = :from")
                        .param("kid", kid)
                        .param("from", from.wireName())
                        .param("now", SqlTime.of(now)))
                .update();
        if (moved != 1) {
            throw new IllegalStateException("Signing key %s is not %s any more".formatted(kid, from.wireName()));
        }
    }

    /**
     * Takes or keeps the lease on the schedule.
     *
     * @return the fence of this holder; absent while another node has it
     */
    Optional<Long> takeLease(String node, Instant now, Duration length) {
        return jdbc.sql("""
                UPDATE signing_lease
                   SET fence = CASE WHEN holder = :node AND until > :now THEN fence ELSE fence + 1 END,
                       holder = :node, until = :until
                 WHERE holder = :node OR until <= :now
                RETURNING fence
                """)
                .param("node", node)
                .param("now", SqlTime.of(now))
                .param("until", SqlTime.of(now.plus(length)))
                .query(Long.class)
                .optional();
    }

    /** Whether this fence is still the last one; locks the row, so that nobody takes over before the commit. */
    boolean holdsLease(long fence) {
        return jdbc.sql("SELECT fence FROM signing_lease FOR SHARE")
                        .query(Long.class)
                        .single()
                == fence;
    }
}
