package dev.firebreak.auth.grant;

import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.auth.sealing.KeyWrapper.Sealed;
import dev.firebreak.auth.sealing.SealedColumn;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** SQL on {@code refresh_mac_key}. Each change compares the state that it was decided on. */
final class MacKeyRepository {
    static final SealedColumn SEALED = new SealedColumn("refresh_mac_key", "id", "sealed_secret", "refresh-token-mac");

    private final JdbcClient jdbc;

    MacKeyRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A key as stored. */
    record Row(MacKey key, Sealed secret) {}

    List<Row> findAll() {
        return jdbc.sql("""
                SELECT id, state, sealed_secret, wrapping_key_id, created_at, made_until
                  FROM refresh_mac_key
                 ORDER BY created_at, id
                """)
                .query((row, n) ->
                        new Row(key(row), new Sealed(row.getString("wrapping_key_id"), row.getBytes("sealed_secret"))))
                .list();
    }

    /** Without secrets, the eldest first. */
    List<MacKey> list() {
        return jdbc.sql("SELECT id, state, created_at, made_until FROM refresh_mac_key ORDER BY created_at, id")
                .query((row, n) -> key(row))
                .list();
    }

    private static MacKey key(ResultSet row) throws SQLException {
        return new MacKey(
                row.getString("id"),
                MacKeyState.ofWireName(row.getString("state")),
                SqlTime.read(row, "created_at"),
                SqlTime.readNullable(row, "made_until"));
    }

    /** Inserts the first key, which makes at once; false if there is one. Two nodes at once make one key between them. */
    boolean insertFirst(String id, Sealed secret, Instant now) {
        return jdbc.sql("""
                INSERT INTO refresh_mac_key (id, state, sealed_secret, wrapping_key_id, created_at)
                SELECT :id, 'making', :sealedSecret, :wrappingKeyId, :now
                 WHERE NOT EXISTS (SELECT 1 FROM refresh_mac_key)
                ON CONFLICT DO NOTHING
                """)
                        .param("id", id)
                        .param("sealedSecret", secret.value())
                        .param("wrappingKeyId", secret.keyId())
                        .param("now", SqlTime.of(now))
                        .update()
                == 1;
    }

    /** Inserts a verifying key; false if there is one already. */
    boolean insertVerifying(String id, Sealed secret, Instant now) {
        return jdbc.sql("""
                INSERT INTO refresh_mac_key (id, state, sealed_secret, wrapping_key_id, created_at)
                VALUES (:id, 'verifying', :sealedSecret, :wrappingKeyId, :now)
                ON CONFLICT DO NOTHING
                """)
                        .param("id", id)
                        .param("sealedSecret", secret.value())
                        .param("wrappingKeyId", secret.keyId())
                        .param("now", SqlTime.of(now))
                        .update()
                == 1;
    }

    /** The making key becomes old. False if it is not the making one. */
    boolean retire(String id, Instant now) {
        return jdbc.sql(
                                "UPDATE refresh_mac_key SET state = 'old', made_until = :now WHERE id = :id AND state = 'making'")
                        .param("id", id)
                        .param("now", SqlTime.of(now))
                        .update()
                == 1;
    }

    /** The verifying key becomes the making one. False if it is verifying no more. */
    boolean promote(String id) {
        return jdbc.sql("UPDATE refresh_mac_key SET state = 'making' WHERE id = :id AND state = 'verifying'")
                        .param("id", id)
                        .update()
                == 1;
    }

    /**
     * Inserts a key that nodes load and that makes nothing: unlike a verifying one it takes over by no loop, and is deleted
     * like any old one if nobody lets it.
     */
    void insertHeld(String id, Sealed secret, Instant now) {
        jdbc.sql("""
                INSERT INTO refresh_mac_key (id, state, sealed_secret, wrapping_key_id, created_at, made_until)
                VALUES (:id, 'old', :sealedSecret, :wrappingKeyId, :now, :now)
                """)
                .param("id", id)
                .param("sealedSecret", secret.value())
                .param("wrappingKeyId", secret.keyId())
                .param("now", SqlTime.of(now))
                .update();
    }

    /** The held key becomes the making one. False if it is not as {@link #insertHeld} left it. */
    boolean promoteHeld(String id, Instant heldAt) {
        return jdbc.sql("""
                UPDATE refresh_mac_key SET state = 'making', made_until = NULL
                 WHERE id = :id AND state = 'old' AND made_until = :heldAt
                   AND NOT EXISTS (SELECT 1 FROM refresh_mac_key WHERE state = 'making')
                """).param("id", id).param("heldAt", SqlTime.of(heldAt)).update() == 1;
    }

    /** Puts a revocation in the place of the key's secret. False if the key is in that state no more. */
    boolean revoke(String id, MacKeyState seen, Sealed revocation, Instant now) {
        return jdbc.sql("""
                UPDATE refresh_mac_key
                   SET state = 'old', made_until = :now, sealed_secret = :sealed, wrapping_key_id = :wrappingKeyId
                 WHERE id = :id AND state = :seen
                """)
                        .param("id", id)
                        .param("seen", seen.wireName())
                        .param("sealed", revocation.value())
                        .param("wrappingKeyId", revocation.keyId())
                        .param("now", SqlTime.of(now))
                        .update()
                == 1;
    }

    /** Deletes an old key that stopped before the time. False if it is none. */
    boolean deleteOld(String id, Instant madeBefore) {
        return jdbc.sql("DELETE FROM refresh_mac_key WHERE id = :id AND state = 'old' AND made_until <= :madeBefore")
                        .param("id", id)
                        .param("madeBefore", SqlTime.of(madeBefore))
                        .update()
                == 1;
    }
}
