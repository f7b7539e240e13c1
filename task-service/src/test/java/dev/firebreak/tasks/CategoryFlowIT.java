package dev.firebreak.tasks;

import static dev.firebreak.tasks.Api.CATEGORIES;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@ServiceIT
class CategoryFlowIT {
    @Autowired
    Api api;

    @Test
    void aNewcomerFindsTheDefaults() {
        Api.Client alice = api.newUser();

        assertThat(names(alice)).containsExactly("Errands", "Personal", "Work");
        assertThat(names(alice)).containsExactly("Errands", "Personal", "Work");
    }

    @Test
    void aFirstTaskMakesTheDefaultsToo() {
        Api.Client alice = api.newUser();
        alice.task("first");

        assertThat(alice.post(CATEGORIES, "{\"name\":\"work\"}").code()).isEqualTo("category.name_taken");
        assertThat(names(alice)).hasSize(3);
    }

    @Test
    void deletedDefaultsDoNotComeBack() {
        Api.Client alice = api.newUser();
        for (JsonNode category : alice.get(CATEGORIES).body().get("items")) {
            Api.Answer deleted =
                    alice.delete(CATEGORIES + "/" + category.get("id").asString(), "If-Match", "\"1\"");
            assertThat(deleted.status()).isEqualTo(204);
        }

        assertThat(names(alice)).isEmpty();
        alice.task("later");
        assertThat(names(alice)).isEmpty();
    }

    @Test
    void storesChangesAndDeletes() {
        Api.Client alice = api.newUser();

        Api.Answer created = alice.post(CATEGORIES, "{\"name\":\"Garden\",\"colour\":\"#00ff00\"}");
        String path = created.header("Location");
        Api.Answer patched = alice.patch(path, "{\"colour\":null}", "If-Match", created.etag());
        Api.Answer replaced = alice.put(path, "{\"name\":\"Yard\",\"colour\":\"#0000ff\"}", "If-Match", patched.etag());

        assertThat(created.status()).isEqualTo(201);
        assertThat(alice.get(path).body()).isEqualTo(replaced.body());
        assertThat(patched.body().get("colour").isNull()).isTrue();
        assertThat(patched.body().get("name").asString()).isEqualTo("Garden");
        assertThat(replaced.etag()).isEqualTo("\"3\"");
        assertThat(alice.get(path, "If-None-Match", "\"3\"").status()).isEqualTo(304);
        assertThat(alice.put(path, "{\"name\":\"x\"}").code()).isEqualTo("category.condition_required");
        assertThat(alice.put(path, "{\"name\":\"x\"}", "If-Match", "\"1\"").code())
                .isEqualTo("category.changed");
        assertThat(alice.delete(path, "If-Match", "\"3\"").status()).isEqualTo(204);
        assertThat(alice.get(path).code()).isEqualTo("category.not_found");
    }

    @Test
    void namesDifferByMoreThanCase() {
        Api.Client alice = api.newUser();
        Api.Answer garden = alice.post(CATEGORIES, "{\"name\":\"Garden\"}");

        assertThat(alice.post(CATEGORIES, "{\"name\":\"GARDEN\"}").code()).isEqualTo("category.name_taken");
        Api.Answer renamed = alice.patch(garden.header("Location"), "{\"name\":\"wORK\"}", "If-Match", garden.etag());
        assertThat(renamed.code()).isEqualTo("category.name_taken");
        assertThat(alice.patch(garden.header("Location"), "{\"name\":\"GARDEN\"}", "If-Match", garden.etag())
                        .status())
                .isEqualTo(200);
        assertThat(api.newUser().post(CATEGORIES, "{\"name\":\"Garden\"}").status())
                .isEqualTo(201);
    }

    @Test
    void tasksOutliveTheirCategoryAndChangeWithIt() {
        Api.Client alice = api.newUser();
        Api.Answer category = alice.post(CATEGORIES, "{\"name\":\"Garden\"}");
        Api.Answer task = alice.post(Api.TASKS, "{\"title\":\"dig\",\"category_id\":\"" + category.id() + "\"}");

        alice.delete(category.header("Location"), "If-Match", category.etag());

        Api.Answer left = alice.get(task.header("Location"));
        assertThat(left.body().get("category_id").isNull()).isTrue();
        assertThat(left.etag()).isEqualTo("\"2\"");
    }

    @Test
    void hidesAnotherUsersCategory() {
        Api.Client alice = api.newUser();
        Api.Client bob = api.newUser();
        Api.Answer created = alice.post(CATEGORIES, "{\"name\":\"Secret\"}");
        String path = created.header("Location");

        assertThat(bob.get(path).code()).isEqualTo("category.not_found");
        assertThat(bob.put(path, "{\"name\":\"x\"}", "If-Match", "*").status()).isEqualTo(404);
        assertThat(bob.patch(path, "{\"name\":\"x\"}", "If-Match", "*").status())
                .isEqualTo(404);
        assertThat(bob.delete(path, "If-Match", "*").status()).isEqualTo(404);
        assertThat(names(bob)).doesNotContain("Secret");
        assertThat(alice.get(path).body()).isEqualTo(created.body());
    }

    @Test
    void oneAccountHasABoundedNumber() {
        Api.Client alice = api.newUser();
        for (int i = 4; i <= 200; i++) {
            assertThat(alice.post(CATEGORIES, "{\"name\":\"c" + i + "\"}").status())
                    .isEqualTo(201);
        }

        assertThat(alice.post(CATEGORIES, "{\"name\":\"one too many\"}").code()).isEqualTo("category.limit_reached");
        assertThat(names(alice)).hasSize(200);
        JsonNode first = alice.get(CATEGORIES).body().at("/items/0");
        alice.delete(CATEGORIES + "/" + first.get("id").asString(), "If-Match", "*");
        assertThat(alice.post(CATEGORIES, "{\"name\":\"fits again\"}").status()).isEqualTo(201);
    }

    private static List<String> names(Api.Client client) {
        return client.get(CATEGORIES)
                .body()
                .get("items")
                .valueStream()
                .map(item -> item.get("name").asString())
                .toList();
    }
}
