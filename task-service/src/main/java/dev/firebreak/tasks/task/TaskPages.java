package dev.firebreak.tasks.task;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Pages of tasks, each exactly one statement. The statement is put together from constants, so that each combination of
 * filters gets a plan of its own on the index that the migration names for it.
 */
@Component
class TaskPages {
    private final JdbcClient jdbc;

    TaskPages(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Which tasks of an owner.
     *
     * @param after only tasks after this position
     * @param completed only completed or only open ones
     * @param category only tasks of this category
     */
    record Filter(
            @Nullable TaskCursor after,
            @Nullable Boolean completed,
            @Nullable UUID category) {}

    /** At most {@code limit} tasks, newest first. */
    List<Task> find(UUID ownerId, Filter filter, int limit) {
        StringBuilder sql = new StringBuilder("""
                SELECT id, owner_id, title, notes, due_date, category_id, completed_at, created_at, updated_at, version
                  FROM task
                 WHERE owner_id = :ownerId""");
        if (filter.after() != null) {
            sql.append(" AND id < :after");
        }
        if (filter.completed() != null) {
            sql.append(filter.completed() ? " AND completed_at IS NOT NULL" : " AND completed_at IS NULL");
        }
        if (filter.category() != null) {
            sql.append(" AND category_id = :category");
        }
        sql.append(" ORDER BY id DESC LIMIT :limit");

        JdbcClient.StatementSpec statement =
                jdbc.sql(sql.toString()).param("ownerId", ownerId).param("limit", limit);
        if (filter.after() != null) {
            statement = statement.param("after", filter.after().last());
        }
        if (filter.category() != null) {
            statement = statement.param("category", filter.category());
        }
        return statement.query(TaskPages::task).list();
    }

    private static Task task(ResultSet row, int number) throws SQLException {
        return new Task(
                row.getObject("id", UUID.class),
                row.getObject("owner_id", UUID.class),
                row.getString("title"),
                row.getString("notes"),
                row.getObject("due_date", LocalDate.class),
                row.getObject("category_id", UUID.class),
                instant(row, "completed_at"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant(),
                row.getInt("version"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
