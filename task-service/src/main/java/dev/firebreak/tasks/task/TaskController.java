package dev.firebreak.tasks.task;

import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.TaskError;
import dev.firebreak.contracts.token.Scopes;
import dev.firebreak.starter.authn.Caller;
import dev.firebreak.starter.authn.RequiresScope;
import dev.firebreak.starter.http.IfMatch;
import dev.firebreak.starter.http.MergePatches;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code /api/v1/tasks}. */
@RestController
@RequestMapping(path = TaskController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
class TaskController {
    static final String PATH = "/api/v1/tasks";

    record TaskView(
            UUID id,
            String title,
            @Nullable String notes,
            @Nullable LocalDate dueDate,
            @Nullable UUID categoryId,
            @Nullable Instant completedAt,
            Instant createdAt,
            Instant updatedAt,
            int version) {
        static TaskView of(Task task) {
            return new TaskView(
                    task.id(),
                    task.title(),
                    task.notes(),
                    task.dueDate(),
                    task.categoryId(),
                    task.completedAt(),
                    task.createdAt(),
                    task.updatedAt(),
                    task.version());
        }
    }

    record TaskPage(List<TaskView> items, @Nullable String next) {}

    private final TaskService tasks;
    private final MergePatches patches;

    TaskController(TaskService tasks, MergePatches patches) {
        this.tasks = tasks;
        this.patches = patches;
    }

    @GetMapping
    @RequiresScope(Scopes.TASKS_READ)
    TaskPage list(
            Caller caller,
            @RequestParam(defaultValue = "50") @Min(1) @Max(200) int limit,
            @RequestParam(required = false) @Nullable String after,
            @RequestParam(required = false) @Nullable Boolean completed,
            @RequestParam(required = false) @Nullable UUID category) {
        TaskCursor from = after == null ? null : TaskCursor.parse(after);
        TaskService.Page page = tasks.list(caller.userId(), new TaskPages.Filter(from, completed, category), limit);
        TaskCursor next = page.next();
        return new TaskPage(page.tasks().stream().map(TaskView::of).toList(), next == null ? null : next.text());
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scopes.TASKS_WRITE)
    ResponseEntity<TaskView> create(Caller caller, @Valid @RequestBody TaskContent content) {
        Task task = tasks.create(caller.userId(), content);
        return ResponseEntity.created(URI.create(PATH + "/" + task.id()))
                .eTag(IfMatch.tag(task.version()))
                .body(TaskView.of(task));
    }

    @GetMapping("/{id}")
    @RequiresScope(Scopes.TASKS_READ)
    ResponseEntity<TaskView> get(Caller caller, @PathVariable UUID id) {
        return answer(tasks.require(caller.userId(), id));
    }

    @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scopes.TASKS_WRITE)
    ResponseEntity<TaskView> replace(
            Caller caller,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody TaskContent content) {
        return answer(tasks.edit(caller.userId(), id, condition(ifMatch), _ -> content));
    }

    @PatchMapping(path = "/{id}", consumes = MergePatches.MEDIA_TYPE)
    @RequiresScope(Scopes.TASKS_WRITE)
    ResponseEntity<TaskView> patch(
            Caller caller,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody JsonNode patch) {
        return answer(tasks.edit(
                caller.userId(), id, condition(ifMatch), content -> patches.apply(content, patch, TaskContent.class)));
    }

    @DeleteMapping("/{id}")
    @RequiresScope(Scopes.TASKS_WRITE)
    ResponseEntity<Void> delete(
            Caller caller,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        tasks.delete(caller.userId(), id, condition(ifMatch));
        return ResponseEntity.noContent().build();
    }

    @PutMapping("/{id}/completion")
    @RequiresScope(Scopes.TASKS_WRITE)
    ResponseEntity<TaskView> complete(
            Caller caller,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        return answer(tasks.complete(caller.userId(), id, IfMatch.parse(ifMatch).orElse(null), true));
    }

    @DeleteMapping("/{id}/completion")
    @RequiresScope(Scopes.TASKS_WRITE)
    ResponseEntity<TaskView> reopen(
            Caller caller,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        return answer(tasks.complete(caller.userId(), id, IfMatch.parse(ifMatch).orElse(null), false));
    }

    private static ResponseEntity<TaskView> answer(Task task) {
        return ResponseEntity.ok().eTag(IfMatch.tag(task.version())).body(TaskView.of(task));
    }

    private static IfMatch condition(@Nullable String ifMatch) {
        return IfMatch.parse(ifMatch)
                .orElseThrow(() -> new ServiceException(
                        TaskError.CONDITION_REQUIRED, "Send If-Match with the ETag that you read."));
    }
}
