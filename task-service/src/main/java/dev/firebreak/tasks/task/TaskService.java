package dev.firebreak.tasks.task;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import dev.firebreak.contracts.error.TaskError;
import dev.firebreak.starter.http.Ids;
import dev.firebreak.starter.http.IfMatch;
import dev.firebreak.starter.pool.ViolatedConstraint;
import dev.firebreak.tasks.category.CategoryOwners;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Use cases on tasks. The transaction starts and ends here. */
@Service
class TaskService {
    private static final String CATEGORY_KEY = "task_category";

    private final TaskRepository tasks;
    private final TaskPages pages;
    private final TaskOwners owners;
    private final CategoryOwners categoryOwners;
    private final Ids ids;
    private final InstantSource clock;

    TaskService(
            TaskRepository tasks,
            TaskPages pages,
            TaskOwners owners,
            CategoryOwners categoryOwners,
            Ids ids,
            InstantSource clock) {
        this.tasks = tasks;
        this.pages = pages;
        this.owners = owners;
        this.categoryOwners = categoryOwners;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * One page.
     *
     * @param next where the next one begins; absent on the last page
     */
    record Page(List<Task> tasks, @Nullable TaskCursor next) {
        Page {
            tasks = List.copyOf(tasks);
        }
    }

    /** One statement: it asks for one task more than fits, to learn whether there is a next page. */
    Page list(UUID ownerId, TaskPages.Filter filter, int limit) {
        List<Task> found = pages.find(ownerId, filter, limit + 1);
        if (found.size() <= limit) {
            return new Page(found, null);
        }
        List<Task> page = found.subList(0, limit);
        return new Page(page, new TaskCursor(page.getLast().id()));
    }

    Task require(UUID ownerId, UUID id) {
        return tasks.findByIdAndOwnerId(id, ownerId).orElseThrow(() -> notFound(id));
    }

    @Transactional
    Task create(UUID ownerId, TaskContent content) {
        int count = owners.addOne(ownerId)
                .orElseThrow(() -> new ServiceException(
                        TaskError.LIMIT_REACHED, "One account may have " + TaskOwners.MAX_TASKS + " tasks."));
        if (count == 1) {
            // Perhaps the owner's first write of all; the statement knows.
            categoryOwners.welcome(ownerId);
        }
        return store(Task.create(ids.next(), ownerId, content, now()));
    }

    @Transactional
    Task edit(UUID ownerId, UUID id, IfMatch condition, UnaryOperator<TaskContent> change) {
        Task task = require(ownerId, id);
        requireMatch(task, condition);
        return storeIfChanged(task, task.edit(change.apply(task.content()), now()));
    }

    /**
     * Completes the task, or opens it again. Locks it first: without a condition the caller has nothing to repeat the
     * request with, so a change at the same moment is waited for instead of refused.
     */
    @Transactional
    Task complete(UUID ownerId, UUID id, @Nullable IfMatch condition, boolean completed) {
        Task task = tasks.lock(id, ownerId).orElseThrow(() -> notFound(id));
        if (condition != null) {
            requireMatch(task, condition);
        }
        return storeIfChanged(task, completed ? task.complete(now()) : task.reopen(now()));
    }

    @Transactional
    void delete(UUID ownerId, UUID id, IfMatch condition) {
        Task task = tasks.lock(id, ownerId).orElseThrow(() -> notFound(id));
        requireMatch(task, condition);
        tasks.delete(id, ownerId);
        owners.removeOne(ownerId);
    }

    private Task storeIfChanged(Task before, Task after) {
        return after.equals(before) ? before : store(after);
    }

    private Task store(Task task) {
        try {
            return tasks.save(task);
        } catch (OptimisticLockingFailureException e) {
            throw new ServiceException(TaskError.CHANGED, "The task was changed at the same moment.", e);
        } catch (DataAccessException e) {
            if (ViolatedConstraint.of(e).filter(CATEGORY_KEY::equals).isPresent()) {
                throw new ServiceException(
                        RequestError.INVALID,
                        "The category does not exist.",
                        List.of(new Violation("/category_id", "must be one of your categories")));
            }
            throw e;
        }
    }

    private static void requireMatch(Task task, IfMatch condition) {
        if (!condition.admits(task.version())) {
            throw new ServiceException(TaskError.CHANGED, "The task has version " + task.version() + " now.");
        }
    }

    private static ServiceException notFound(UUID id) {
        return new ServiceException(TaskError.NOT_FOUND, "No task " + id + ".");
    }

    /** What the database keeps of an instant, so that the first answer and all later ones are the same. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
