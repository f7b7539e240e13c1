package dev.firebreak.tasks.task;

import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import org.springframework.data.relational.core.mapping.Table;

/**
 * One user's to-do item. Changes return a new value, or this one if nothing changes; {@code version} 0 means "not stored
 * yet".
 */
@Table("task")
record Task(
        @Id UUID id,
        UUID ownerId,
        String title,
        @Nullable String notes,
        @Nullable LocalDate dueDate,
        @Nullable UUID categoryId,
        @Nullable Instant completedAt,
        Instant createdAt,
        Instant updatedAt,
        @Version int version) {

    static Task create(UUID id, UUID ownerId, TaskContent content, Instant now) {
        return new Task(
                id,
                ownerId,
                content.title(),
                content.notes(),
                content.dueDate(),
                content.categoryId(),
                null,
                now,
                now,
                0);
    }

    TaskContent content() {
        return new TaskContent(title, notes, dueDate, categoryId);
    }

    Task edit(TaskContent content, Instant now) {
        if (content.equals(content())) {
            return this;
        }
        return new Task(
                id,
                ownerId,
                content.title(),
                content.notes(),
                content.dueDate(),
                content.categoryId(),
                completedAt,
                createdAt,
                now,
                version);
    }

    /** Completing twice keeps the first time: a repeated request must give the same answer again. */
    Task complete(Instant now) {
        return completedAt == null ? completedAt(now, now) : this;
    }

    Task reopen(Instant now) {
        return completedAt == null ? this : completedAt(null, now);
    }

    private Task completedAt(@Nullable Instant at, Instant now) {
        return new Task(id, ownerId, title, notes, dueDate, categoryId, at, createdAt, now, version);
    }
}
