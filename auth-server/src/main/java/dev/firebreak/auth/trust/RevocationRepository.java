package dev.firebreak.auth.trust;

import dev.firebreak.auth.platform.SqlTime;
import dev.firebreak.contracts.trust.Revocation;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** SQL on {@code trust_state} and {@code revocation}. */
final class RevocationRepository {
    private final JdbcClient jdbc;

    RevocationRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Appends one revocation in one statement. The number is taken from a row that stays locked until the caller commits,
     * so that nobody can read a higher number before a lower one.
     */
    long append(Revocation revocation) {
        return jdbc.sql("""
                WITH taken AS (
                    UPDATE trust_state SET revocation_seq = revocation_seq + 1 RETURNING revocation_seq
                )
                INSERT INTO revocation (seq, kind, value, issued_before, until)
                SELECT revocation_seq, :kind, :value, CAST(:issuedBefore AS timestamptz), :until FROM taken
                RETURNING seq
                """)
                .param("kind", revocation.kind().wireName())
                .param("value", revocation.value())
                .param("issuedBefore", SqlTime.ofNullable(revocation.issuedBefore()))
                .param("until", SqlTime.of(revocation.until()))
                .query(Long.class)
                .single();
    }

    /** Number of the last one. */
    long last() {
        return jdbc.sql("SELECT revocation_seq FROM trust_state")
                .query(Long.class)
                .single();
    }

    /** What came after a number; one statement, so that epoch, number and rows are of one moment. */
    RevocationLog readAfter(long seq, Instant now) {
        List<RevocationLog.Entry> entries = new ArrayList<>();
        State state = new State();
        jdbc.sql("""
                SELECT s.epoch, s.revocation_seq, r.seq, r.kind, r.value, r.issued_before, r.until
                  FROM trust_state s
                  LEFT JOIN revocation r ON r.seq > :seq AND r.until > :now
                 ORDER BY r.seq
                """).param("seq", seq).param("now", SqlTime.of(now)).query(row -> {
            state.epoch = row.getObject("epoch", UUID.class);
            state.seq = row.getLong("revocation_seq");
            if (row.getString("kind") != null) {
                entries.add(entry(row));
            }
        });
        UUID epoch = state.epoch;
        if (epoch == null) {
            throw new IllegalStateException("Table trust_state is empty: the database is not a migrated one");
        }
        return new RevocationLog(epoch, state.seq, entries, now);
    }

    private static RevocationLog.Entry entry(ResultSet row) throws SQLException {
        return new RevocationLog.Entry(
                row.getLong("seq"),
                new Revocation(
                        Revocation.Kind.ofWireName(row.getString("kind")),
                        row.getString("value"),
                        SqlTime.readNullable(row, "issued_before"),
                        SqlTime.read(row, "until")));
    }

    private static final class State {
        @Nullable
        UUID epoch;

        long seq;
    }
}
