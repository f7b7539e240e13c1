package dev.firebreak.tasks.category;

import dev.firebreak.contracts.error.CategoryError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.token.Scopes;
import dev.firebreak.starter.authn.Caller;
import dev.firebreak.starter.authn.RequiresScope;
import dev.firebreak.starter.http.IfMatch;
import dev.firebreak.starter.http.MergePatches;
import jakarta.validation.Valid;
import java.net.URI;
import java.time.Instant;
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
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/** {@code /api/v1/categories}. */
@RestController
@RequestMapping(path = CategoryController.PATH, produces = MediaType.APPLICATION_JSON_VALUE)
class CategoryController {
    static final String PATH = "/api/v1/categories";

    record CategoryView(
            UUID id, String name, @Nullable String colour, Instant createdAt, Instant updatedAt, int version) {
        static CategoryView of(Category category) {
            return new CategoryView(
                    category.id(),
                    category.name(),
                    category.colour(),
                    category.createdAt(),
                    category.updatedAt(),
                    category.version());
        }
    }

    /**
     * All of them; shaped as every list.
     *
     * @param next always null
     */
    record CategoryPage(List<CategoryView> items, @Nullable String next) {}

    private final CategoryService categories;
    private final MergePatches patches;

    CategoryController(CategoryService categories, MergePatches patches) {
        this.categories = categories;
        this.patches = patches;
    }

    @GetMapping
    @RequiresScope(Scopes.TASKS_READ)
    CategoryPage list(Caller caller) {
        return new CategoryPage(
                categories.list(caller.userId()).stream().map(CategoryView::of).toList(), null);
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scopes.TASKS_WRITE)
    ResponseEntity<CategoryView> create(Caller caller, @Valid @RequestBody CategoryContent content) {
        Category category = categories.create(caller.userId(), content);
        return ResponseEntity.created(URI.create(PATH + "/" + category.id()))
                .eTag(IfMatch.tag(category.version()))
                .body(CategoryView.of(category));
    }

    @GetMapping("/{id}")
    @RequiresScope(Scopes.TASKS_READ)
    ResponseEntity<CategoryView> get(Caller caller, @PathVariable UUID id) {
        return answer(categories.require(caller.userId(), id));
    }

    @PutMapping(path = "/{id}", consumes = MediaType.APPLICATION_JSON_VALUE)
    @RequiresScope(Scopes.TASKS_WRITE)
    ResponseEntity<CategoryView> replace(
            Caller caller,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @Valid @RequestBody CategoryContent content) {
        return answer(categories.edit(caller.userId(), id, condition(ifMatch), _ -> content));
    }

    @PatchMapping(path = "/{id}", consumes = MergePatches.MEDIA_TYPE)
    @RequiresScope(Scopes.TASKS_WRITE)
    ResponseEntity<CategoryView> patch(
            Caller caller,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody JsonNode patch) {
        return answer(categories.edit(
                caller.userId(),
                id,
                condition(ifMatch),
                content -> patches.apply(content, patch, CategoryContent.class)));
    }

    @DeleteMapping("/{id}")
    @RequiresScope(Scopes.TASKS_WRITE)
    ResponseEntity<Void> delete(
            Caller caller,
            @PathVariable UUID id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        categories.delete(caller.userId(), id, condition(ifMatch));
        return ResponseEntity.noContent().build();
    }

    private static ResponseEntity<CategoryView> answer(Category category) {
        return ResponseEntity.ok().eTag(IfMatch.tag(category.version())).body(CategoryView.of(category));
    }

    private static IfMatch condition(@Nullable String ifMatch) {
        return IfMatch.parse(ifMatch)
                .orElseThrow(() -> new ServiceException(
                        CategoryError.CONDITION_REQUIRED, "Send If-Match with the ETag that you read."));
    }
}
