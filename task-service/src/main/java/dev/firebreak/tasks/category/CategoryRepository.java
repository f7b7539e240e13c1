package dev.firebreak.tasks.category;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/** Rows of categories. The owner is part of every question. */
interface CategoryRepository extends Repository<Category, UUID> {
    Category save(Category category);

    Optional<Category> findByIdAndOwnerId(UUID id, UUID ownerId);

    @Query("""
            SELECT id, owner_id, name, colour, created_at, updated_at, version
              FROM category
             WHERE owner_id = :ownerId
             ORDER BY lower(name)
            """)
    List<Category> allOf(UUID ownerId);

    /** Waits for writers that are about to refer to the category, and makes later ones wait. */
    @Query("""
            SELECT id, owner_id, name, colour, created_at, updated_at, version
              FROM category
             WHERE id = :id AND owner_id = :ownerId
               FOR UPDATE
            """)
    Optional<Category> lock(UUID id, UUID ownerId);

    @Modifying
    @Query("DELETE FROM category WHERE id = :id AND owner_id = :ownerId")
    void delete(UUID id, UUID ownerId);
}
