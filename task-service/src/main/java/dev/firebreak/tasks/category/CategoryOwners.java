package dev.firebreak.tasks.category;

import java.sql.Timestamp;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * What is kept for each owner: that the default categories were made, and how many categories there are. Each method is
 * one statement and joins the caller's transaction, if there is one.
 */
@Component
public class CategoryOwners {
    /** As many as anybody names; bounds the list, which is one page. */
    static final int MAX_CATEGORIES = 200;

    private static final String WELCOME = """
            WITH newcomer AS (
              INSERT INTO category_owner (owner_id, categories, created_at)
              VALUES (:ownerId, 3, :now)
              ON CONFLICT (owner_id) DO NOTHING
              RETURNING owner_id, created_at)
            INSERT INTO category (id, owner_id, name, colour, created_at, updated_at, version)
            SELECT uuidv7(), newcomer.owner_id, defaults.name, defaults.colour, newcomer.created_at, newcomer.created_at, 1
              FROM newcomer,
                   (VALUES ('Errands', '#a15c07'), ('Personal', '#0b6e4f'), ('Work', '#1d4ed8')) AS defaults (name, colour)
            """;

    private final JdbcClient jdbc;
    private final InstantSource clock;

    CategoryOwners(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Makes the default categories of an owner who has never had any, exactly once however many requests arrive at the
     * same time: the others wait for the row of the first and find it.
     */
    public void welcome(UUID ownerId) {
        jdbc.sql(WELCOME)
                .param("ownerId", ownerId)
                .param("now", Timestamp.from(clock.instant()))
                .update();
    }

    /** Counts one category more; false if the owner has as many as may be, or was never welcomed. */
    boolean addOne(UUID ownerId) {
        return jdbc.sql(
                                "UPDATE category_owner SET categories = categories + 1 WHERE owner_id = :ownerId AND categories < :max")
                        .param("ownerId", ownerId)
                        .param("max", MAX_CATEGORIES)
                        .update()
                == 1;
    }

    /** Holds the owner's row until the transaction ends. */
    void lock(UUID ownerId) {
        jdbc.sql("SELECT categories FROM category_owner WHERE owner_id = :ownerId FOR UPDATE")
                .param("ownerId", ownerId)
                .query(Integer.class)
                .optional();
    }

    /** Counts one category less. */
    void removeOne(UUID ownerId) {
        jdbc.sql("UPDATE category_owner SET categories = categories - 1 WHERE owner_id = :ownerId")
                .param("ownerId", ownerId)
                .update();
    }
}
