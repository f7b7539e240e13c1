package dev.firebreak.tasks.task;

import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** How many tasks each owner has. Writers of one owner pass here one after the other, so the limit holds exactly. */
@Component
class TaskOwners {
    /** Far above what a person keeps, low enough that no list or sync of one account can hurt others. */
    static final int MAX_TASKS = 10_000;

    private final JdbcClient jdbc;

    TaskOwners(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Counts one task more and answers how many there are now; absent if the owner has as many as may be. */
    Optional<Integer> addOne(UUID ownerId) {
        return jdbc.sql("""
                        INSERT INTO task_owner AS counted (owner_id, tasks) VALUES (:ownerId, 1)
                            ON CONFLICT (owner_id) DO UPDATE SET tasks = counted.tasks + 1 WHERE counted.tasks < :max
                        RETURNING tasks
                        """)
                .param("ownerId", ownerId)
                .param("max", MAX_TASKS)
                .query(Integer.class)
                .optional();
    }

    /** Counts one task less. */
    void removeOne(UUID ownerId) {
        jdbc.sql("UPDATE task_owner SET tasks = tasks - 1 WHERE owner_id = :ownerId")
                .param("ownerId", ownerId)
                .update();
    }
}
