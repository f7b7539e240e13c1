package dev.firebreak.auth.trust;

import dev.firebreak.auth.platform.SqlTime;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
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
                INSERT INTO verifier (epoch, client_id, instance, keys_version, cursor, asked_at)
                SELECT (SELECT epoch FROM trust_state), heard.* FROM unnest(CAST(:clients AS text[]), CAST(:instances AS text[]), CAST(:versions AS bigint[]),
                                     CAST(:cursors AS bigint[]), CAST(:askedAt AS timestamptz[])) AS heard
                ON CONFLICT (client_id, instance) DO UPDATE
                   SET epoch = excluded.epoch, stopped_at = NULL, keys_version = excluded.keys_version, cursor = excluded.cursor, asked_at = excluded.asked_at
                 WHERE excluded.asked_at >= verifier.asked_at
                   AND excluded.asked_at > coalesce(verifier.stopped_at, '-infinity')
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
    void stop(VerifierRegistry.Id id, Instant stoppedAt) {
        jdbc.sql("""
                INSERT INTO verifier (epoch, client_id, instance, keys_version, cursor, asked_at, stopped_at)
                SELECT epoch, :client, :instance, 0, 0, :stoppedAt, :stoppedAt FROM trust_state
                ON CONFLICT (client_id, instance) DO UPDATE SET stopped_at = excluded.stopped_at
                 WHERE verifier.asked_at <= excluded.stopped_at
                """)
                .param("client", id.client())
                .param("instance", id.instance())
                .param("stoppedAt", SqlTime.of(stoppedAt))
                .update();
    }

    /** Which database this is: acknowledgements of another one count for nothing. */
    UUID epoch() {
        return jdbc.sql("SELECT epoch FROM trust_state").query(UUID.class).single();
    }

    void removeSilentSince(Instant time) {
        jdbc.sql("DELETE FROM verifier WHERE asked_at < :time OR epoch <> (SELECT epoch FROM trust_state)")
                .param("time", SqlTime.of(time))
                .update();
    }

    List<Verifier> findAll() {
        return jdbc.sql(
                        "SELECT client_id, instance, keys_version, cursor, asked_at FROM verifier WHERE stopped_at IS NULL")
                .query((row, number) -> new Verifier(
                        row.getString("client_id"),
                        row.getString("instance"),
                        row.getLong("keys_version"),
                        row.getLong("cursor"),
                        SqlTime.read(row, "asked_at")))
                .list();
    }
}
