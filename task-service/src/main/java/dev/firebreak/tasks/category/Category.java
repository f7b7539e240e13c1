package dev.firebreak.tasks.category;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Version;
import org.springframework.data.relational.core.mapping.Table;

/** One user's word for a group of tasks. Changes return a new value; {@code version} 0 means "not stored yet". */
@Table("category")
record Category(
        @Id UUID id,
        UUID ownerId,
        String name,
        @Nullable String colour,
        Instant createdAt,
        Instant updatedAt,
        @Version int version) {

    static Category create(UUID id, UUID ownerId, CategoryContent content, Instant now) {
        return new Category(id, ownerId, content.name(), content.colour(), now, now, 0);
    }

    CategoryContent content() {
        return new CategoryContent(name, colour);
    }

    /** The same category if nothing changes. */
    Category edit(CategoryContent content, Instant now) {
        return content.equals(content())
                ? this
                : new Category(id, ownerId, content.name(), content.colour(), createdAt, now, version);
    }
}
