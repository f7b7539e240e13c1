package dev.firebreak.tasks.category;

import dev.firebreak.contracts.error.CategoryError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.http.Ids;
import dev.firebreak.starter.http.IfMatch;
import dev.firebreak.starter.pool.ViolatedConstraint;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Use cases on categories. The transaction starts and ends here. */
@Service
class CategoryService {
    private static final String NAME_INDEX = "category_name";

    private final CategoryRepository categories;
    private final CategoryOwners owners;
    private final ApplicationEventPublisher events;
    private final Ids ids;
    private final InstantSource clock;

    CategoryService(
            CategoryRepository categories,
            CategoryOwners owners,
            ApplicationEventPublisher events,
            Ids ids,
            InstantSource clock) {
        this.categories = categories;
        this.owners = owners;
        this.events = events;
        this.ids = ids;
        this.clock = clock;
    }

    /** All categories by name; a newcomer's defaults are made first. */
    List<Category> list(UUID ownerId) {
        List<Category> found = categories.allOf(ownerId);
        if (!found.isEmpty()) {
            return found;
        }
        // Nobody knows yet whether this is a newcomer or somebody who deleted everything: the statement does.
        owners.welcome(ownerId);
        return categories.allOf(ownerId);
    }

    Category require(UUID ownerId, UUID id) {
        return categories.findByIdAndOwnerId(id, ownerId).orElseThrow(() -> notFound(id));
    }

    @Transactional
    Category create(UUID ownerId, CategoryContent content) {
        owners.welcome(ownerId);
        if (!owners.addOne(ownerId)) {
            throw new ServiceException(
                    CategoryError.LIMIT_REACHED,
                    "One account may have " + CategoryOwners.MAX_CATEGORIES + " categories.");
        }
        return store(Category.create(ids.next(), ownerId, content, now()));
    }

    @Transactional
    Category edit(UUID ownerId, UUID id, IfMatch condition, UnaryOperator<CategoryContent> change) {
        Category category = require(ownerId, id);
        requireMatch(category, condition);
        Category edited = category.edit(change.apply(category.content()), now());
        return edited.equals(category) ? category : store(edited);
    }

    @Transactional
    void delete(UUID ownerId, UUID id, IfMatch condition) {
        // The owner's row first, as create does: the other way round the two can wait for each other.
        owners.lock(ownerId);
        Category category = categories.lock(id, ownerId).orElseThrow(() -> notFound(id));
        requireMatch(category, condition);
        events.publishEvent(new CategoryDeleted(ownerId, id));
        categories.delete(id, ownerId);
        owners.removeOne(ownerId);
    }

    private Category store(Category category) {
        try {
            return categories.save(category);
        } catch (OptimisticLockingFailureException e) {
            throw new ServiceException(CategoryError.CHANGED, "The category was changed at the same moment.", e);
        } catch (DataAccessException e) {
            if (ViolatedConstraint.of(e).filter(NAME_INDEX::equals).isPresent()) {
                throw new ServiceException(CategoryError.NAME_TAKEN, "There is a category with this name.", e);
            }
            throw e;
        }
    }

    private static void requireMatch(Category category, IfMatch condition) {
        if (!condition.admits(category.version())) {
            throw new ServiceException(
                    CategoryError.CHANGED, "The category has version " + category.version() + " now.");
        }
    }

    private static ServiceException notFound(UUID id) {
        return new ServiceException(CategoryError.NOT_FOUND, "No category " + id + ".");
    }

    /** What the database keeps of an instant, so that the first answer and all later ones are the same. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
