package dev.firebreak.tasks.task;

import dev.firebreak.tasks.category.CategoryDeleted;
import java.sql.Timestamp;
import java.time.InstantSource;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Lets tasks go of a category that is deleted: they stay, changed, so that whoever edits one of them learns of it. */
@Component
class UncategorisedTasks {
    private final JdbcClient jdbc;
    private final InstantSource clock;

    UncategorisedTasks(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** In the transaction of the deletion; bounded by the tasks of one account. */
    @EventListener
    void letGo(CategoryDeleted event) {
        jdbc.sql("""
                        UPDATE task SET category_id = NULL, updated_at = :now, version = version + 1
                         WHERE owner_id = :ownerId AND category_id = :categoryId
                        """)
                .param("now", Timestamp.from(clock.instant()))
                .param("ownerId", event.ownerId())
                .param("categoryId", event.categoryId())
                .update();
    }
}
