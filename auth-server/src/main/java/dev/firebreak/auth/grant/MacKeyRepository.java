package dev.firebreak.auth.grant;

import dev.firebreak.auth.platform.SqlTime;
import java.time.Instant;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** SQL on {@code refresh_mac_key}. */
final class MacKeyRepository {
    static final String TABLE = "refresh_mac_key";

    private final JdbcClient jdbc;

    MacKeyRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** A key as stored; {@code state} is {@code verifying}, {@code making} or {@code old}. */
    record Row(String id, String state, byte[] sealedSecret, String wrappingKeyId) {}

    List<Row> findAll() {
        return jdbc.sql("SELECT id, state, sealed_secret, wrapping_key_id FROM refresh_mac_key")
                .query((row, n) -> new Row(
                        row.getString("id"),
                        row.getString("state"),
                        row.getBytes("sealed_secret"),
                        row.getString("wrapping_key_id")))
                .list();
    }

    /** Inserts the first key unless there is one; two nodes at once make one key between them. */
    void insertFirst(Row key, Instant now) {
        jdbc.sql("""
                INSERT INTO refresh_mac_key (id, state, sealed_secret, wrapping_key_id, created_at)
                SELECT :id, :state, :sealedSecret, :wrappingKeyId, :now
                 WHERE NOT EXISTS (SELECT 1 FROM refresh_mac_key)
                ON CONFLICT DO NOTHING
                """)
                .param("id", key.id())
                .param("state", key.state())
                .param("sealedSecret", key.sealedSecret())
                .param("wrappingKeyId", key.wrappingKeyId())
                .param("now", SqlTime.of(now))
                .update();
    }
}
