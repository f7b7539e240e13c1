package dev.firebreak.tasks.task;

import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Rows of tasks. Extends the bare marker on purpose: with no {@code findById}, nobody can forget the owner. */
interface TaskRepository extends Repository<Task, UUID> {
    Task save(Task task);

    Optional<Task> findByIdAndOwnerId(UUID id, UUID ownerId);

    /** The row as it will be until this transaction ends. */
    @Query("""
            SELECT id, owner_id, title, notes, due_date, category_id, completed_at, created_at, updated_at, version
              FROM task
             WHERE id = :id AND owner_id = :ownerId
               FOR UPDATE
            """)
    Optional<Task> lock(UUID id, UUID ownerId);

    @Modifying
    @Query("DELETE FROM task WHERE id = :id AND owner_id = :ownerId")
    void delete(UUID id, UUID ownerId);
}
