package dev.firebreak.auth.sealing;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** SQL on the sealed columns of every module. */
final class SealedRowRepository {
    private final JdbcClient jdbc;
    private final List<SealedColumn> columns;

    SealedRowRepository(JdbcClient jdbc, List<SealedColumn> columns) {
        this.jdbc = jdbc;
        this.columns = List.copyOf(columns);
    }

    /** How many rows of a table are sealed under a key. */
    record Count(String table, String keyId, long rows) {}

    /**
     * A row that is locked until its transaction ends.
     *
     * @param location where it is in the table, good as long as it is locked
     */
    record Row(String location, String id, byte[] value, String keyId) {}

    List<SealedColumn> columns() {
        return columns;
    }

    /** Of one moment, because it is one statement. */
    List<Count> count() {
        if (columns.isEmpty()) {
            return List.of();
        }
        String all = columns.stream()
                .map(column -> """
                        SELECT '%1$s' AS sealed_table, wrapping_key_id, count(*) AS sealed_rows
                          FROM %1$s WHERE wrapping_key_id IS NOT NULL GROUP BY wrapping_key_id
                        """.formatted(column.table()))
                .collect(Collectors.joining("UNION ALL\n"));
        return jdbc.sql(all + "ORDER BY 1, 2")
                .query((row, n) -> new Count(
                        row.getString("sealed_table"), row.getString("wrapping_key_id"), row.getLong("sealed_rows")))
                .list();
    }

    /**
     * Locks rows that nobody else has locked.
     *
     * @param keyIds under which they are sealed
     * @param without ids that are not wanted
     */
    List<Row> lock(SealedColumn column, Collection<String> keyIds, Collection<String> without, int limit) {
        return jdbc.sql("""
                SELECT ctid::text AS location, %2$s::text AS id, %3$s AS value, wrapping_key_id
                  FROM %1$s
                 WHERE wrapping_key_id = ANY (string_to_array(:keyIds, ' '))
                   AND %2$s::text <> ALL (string_to_array(:without, ' '))
                 LIMIT :limit
                   FOR UPDATE SKIP LOCKED
                """.formatted(column.table(), column.idColumn(), column.column()))
                .param("keyIds", String.join(" ", keyIds))
                .param("without", String.join(" ", without))
                .param("limit", limit)
                .query((row, n) -> new Row(
                        row.getString("location"),
                        row.getString("id"),
                        row.getBytes("value"),
                        row.getString("wrapping_key_id")))
                .list();
    }

    /** Puts another seal on a locked row; false if it is not the row any more that was locked. */
    boolean replace(SealedColumn column, Row row, KeyWrapper.Sealed sealed) {
        return jdbc.sql("""
                UPDATE %1$s SET %2$s = :value, wrapping_key_id = :keyId
                 WHERE ctid = CAST(:location AS tid) AND wrapping_key_id = :formerKeyId AND %3$s::text = :id
                """.formatted(column.table(), column.column(), column.idColumn()))
                        .param("value", sealed.value())
                        .param("keyId", sealed.keyId())
                        .param("location", row.location())
                        .param("formerKeyId", row.keyId())
                        .param("id", row.id())
                        .update()
                == 1;
    }
}
