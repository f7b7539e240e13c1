package dev.firebreak.auth.signing;

import dev.firebreak.auth.platform.SqlTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** SQL on {@code signing_key} and {@code signing_key_set}. */
final class SigningKeyRepository {
    static final String TABLE = "signing_key";

    private final JdbcClient jdbc;

    SigningKeyRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A key as stored.
     *
     * @param sealedPrivate absent once destroyed
     * @param signUntil hard end of signing; absent = none
     */
    record Row(
            String kid,
            KeyState state,
            String publicJwk,
            byte @Nullable [] sealedPrivate,
            @Nullable String wrappingKeyId,
            @Nullable Instant signUntil) {}

    /** All keys that are not over, and the version of the set; of one moment, because it is one statement. */
    record Rows(long version, List<Row> keys) {}

    Rows findLiving() {
        List<Row> keys = new ArrayList<>();
        long[] version = {-1};
        jdbc.sql("""
                SELECT s.version, k.kid, k.state, k.public_jwk, k.sealed_private, k.wrapping_key_id, k.sign_until
                  FROM signing_key_set s
                  LEFT JOIN signing_key k ON k.state IN ('staged', 'published', 'active', 'retiring')
                 ORDER BY k.created_at, k.kid
                """).query(row -> {
            version[0] = row.getLong("version");
            if (row.getString("kid") != null) {
                keys.add(new Row(
                        row.getString("kid"),
                        KeyState.ofWireName(row.getString("state")),
                        row.getString("public_jwk"),
                        row.getBytes("sealed_private"),
                        row.getString("wrapping_key_id"),
                        SqlTime.readNullable(row, "sign_until")));
            }
        });
        if (version[0] < 0) {
            throw new IllegalStateException("Table signing_key_set is empty: the database is not a migrated one");
        }
        return new Rows(version[0], keys);
    }

    /**
     * Inserts the first key as active unless there is any key, in one statement and so in one transaction; the unique index
     * on the active state lets one of two nodes win.
     */
    boolean insertFirst(Row key, Instant now) {
        return jdbc.sql("""
                WITH made AS (
                    INSERT INTO signing_key
                           (kid, state, algorithm, public_jwk, sealed_private, wrapping_key_id,
                            created_at, published_at, activated_at)
                    SELECT :kid, 'active', 'ES256', :publicJwk, :sealedPrivate, :wrappingKeyId, :now, :now, :now
                     WHERE NOT EXISTS (SELECT 1 FROM signing_key)
                    ON CONFLICT DO NOTHING
                    RETURNING kid
                )
                UPDATE signing_key_set SET version = version + 1 WHERE EXISTS (SELECT 1 FROM made)
                """)
                        .param("kid", key.kid())
                        .param("publicJwk", key.publicJwk())
                        .param("sealedPrivate", key.sealedPrivate())
                        .param("wrappingKeyId", key.wrappingKeyId())
                        .param("now", SqlTime.of(now))
                        .update()
                == 1;
    }
}
