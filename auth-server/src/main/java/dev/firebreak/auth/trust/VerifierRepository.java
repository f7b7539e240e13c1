package dev.firebreak.auth.trust;

import dev.firebreak.auth.platform.SqlTime;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;

/** SQL on {@code verifier}. */
final class VerifierRepository {
    private final JdbcClient jdbc;

    VerifierRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Writes what these verifiers last asked with, also a lower version; one statement. The later question wins. */
    void write(Collection<Verifier> verifiers) {
        if (verifiers.isEmpty()) {
            return;
        }
        jdbc.sql("""
                INSERT INTO verifier (client_id, instance, keys_version, cursor, asked_at)
                SELECT * FROM unnest(CAST(:clients AS text[]), CAST(:instances AS text[]), CAST(:versions AS bigint[]),
                                     CAST(:cursors AS bigint[]), CAST(:askedAt AS timestamptz[]))
                ON CONFLICT (client_id, instance) DO UPDATE
                   SET keys_version = excluded.keys_version, cursor = excluded.cursor, asked_at = excluded.asked_at
                 WHERE excluded.asked_at >= verifier.asked_at
                """)
                .param("clients", verifiers.stream().map(Verifier::client).toArray(String[]::new))
                .param("instances", verifiers.stream().map(Verifier::instance).toArray(String[]::new))
                .param("versions", verifiers.stream().map(Verifier::keysVersion).toArray(Long[]::new))
                .param("cursors", verifiers.stream().map(Verifier::cursor).toArray(Long[]::new))
                .param(
                        "askedAt",
                        verifiers.stream()
                                .map(it -> SqlTime.of(it.askedAt()).toString())
                                .toArray(String[]::new))
                .update();
    }

    /** Takes one out that said it stops, unless it has asked again since. */
    void remove(VerifierRegistry.Id id, Instant stoppedAt) {
        jdbc.sql("DELETE FROM verifier WHERE client_id = :client AND instance = :instance AND asked_at <= :stoppedAt")
                .param("client", id.client())
                .param("instance", id.instance())
                .param("stoppedAt", SqlTime.of(stoppedAt))
                .update();
    }

    void removeSilentSince(Instant time) {
        jdbc.sql("DELETE FROM verifier WHERE asked_at < :time")
                .param("time", SqlTime.of(time))
                .update();
    }

    List<Verifier> findAll() {
        return jdbc.sql("SELECT client_id, instance, keys_version, cursor, asked_at FROM verifier")
                .query((row, number) -> new Verifier(
                        row.getString("client_id"),
                        row.getString("instance"),
                        row.getLong("keys_version"),
                        row.getLong("cursor"),
                        SqlTime.read(row, "asked_at")))
                .list();
    }
}
