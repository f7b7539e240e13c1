package dev.firebreak.tasks;

import static dev.firebreak.tasks.Api.TASKS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@ServiceIT
class TaskFlowIT {
    @Autowired
    Api api;

    @Test
    void storesWhatAPersonWrites() {
        Api.Client alice = api.newUser();
        String category = alice.get(Api.CATEGORIES).body().at("/items/0/id").asString();

        Api.Answer created = alice.post(TASKS, """
                {"title":"Buy milk 🥛","notes":"two\\nlines","due_date":"2027-02-28","category_id":"%s"}
                """.formatted(category));

        assertThat(created.status()).isEqualTo(201);
        assertThat(created.header("Location")).isEqualTo(TASKS + "/" + created.id());
        assertThat(created.etag()).isEqualTo("\"1\"");
        JsonNode task = created.body();
        assertThat(task.get("title").asString()).isEqualTo("Buy milk 🥛");
        assertThat(task.get("notes").asString()).isEqualTo("two\nlines");
        assertThat(task.get("due_date").asString()).isEqualTo("2027-02-28");
        assertThat(task.get("category_id").asString()).isEqualTo(category);
        assertThat(task.get("completed_at").isNull()).isTrue();
        assertThat(alice.get(created.header("Location")).body()).isEqualTo(task);
        assertThat(alice.get(TASKS).body().at("/items/0")).isEqualTo(task);
    }

    @Test
    void replacesTheWholeContentAndRaisesTheVersion() {
        Api.Client alice = api.newUser();
        Api.Answer created = alice.post(TASKS, "{\"title\":\"a\",\"notes\":\"n\",\"due_date\":\"2027-01-01\"}");
        String path = created.header("Location");

        Api.Answer replaced = alice.put(path, "{\"title\":\"b\"}", "If-Match", created.etag());

        assertThat(replaced.status()).isEqualTo(200);
        assertThat(replaced.etag()).isEqualTo("\"2\"");
        assertThat(replaced.body().get("title").asString()).isEqualTo("b");
        assertThat(replaced.body().get("notes").isNull()).isTrue();
        assertThat(replaced.body().get("due_date").isNull()).isTrue();
        assertThat(replaced.body().get("created_at")).isEqualTo(created.body().get("created_at"));
        assertThat(alice.get(path).body()).isEqualTo(replaced.body());
    }

    @Test
    void patchesOnlyWhatThePatchNames() {
        Api.Client alice = api.newUser();
        Api.Answer created = alice.post(TASKS, "{\"title\":\"a\",\"notes\":\"n\",\"due_date\":\"2027-01-01\"}");
        String path = created.header("Location");

        Api.Answer patched = alice.patch(path, "{\"title\":\"b\",\"notes\":null}", "If-Match", created.etag());

        assertThat(patched.status()).isEqualTo(200);
        assertThat(patched.body().get("title").asString()).isEqualTo("b");
        assertThat(patched.body().get("notes").isNull()).isTrue();
        assertThat(patched.body().get("due_date").asString()).isEqualTo("2027-01-01");
    }

    @Test
    void aChangeThatChangesNothingKeepsTheVersion() {
        Api.Client alice = api.newUser();
        Api.Answer created = alice.task("a");

        Api.Answer patched = alice.patch(created.header("Location"), "{\"title\":\"a\"}", "If-Match", "\"1\"");

        assertThat(patched.status()).isEqualTo(200);
        assertThat(patched.body()).isEqualTo(created.body());
    }

    @Test
    void completesAndReopensWithTheSameAnswerWhenRepeated() {
        Api.Client alice = api.newUser();
        String path = alice.task("a").header("Location") + "/completion";

        Api.Answer completed = alice.send("PUT", path, null);
        Api.Answer again = alice.send("PUT", path, null);
        Api.Answer reopened = alice.delete(path);
        Api.Answer reopenedAgain = alice.delete(path);

        assertThat(completed.status()).isEqualTo(200);
        assertThat(completed.body().get("completed_at").asString()).isNotEmpty();
        assertThat(again.body()).isEqualTo(completed.body());
        assertThat(reopened.body().get("completed_at").isNull()).isTrue();
        assertThat(reopened.etag()).isEqualTo("\"3\"");
        assertThat(reopenedAgain.body()).isEqualTo(reopened.body());
    }

    @Test
    void completionHonoursAConditionThatIsGiven() {
        Api.Client alice = api.newUser();
        String path = alice.task("a").header("Location") + "/completion";

        assertThat(alice.send("PUT", path, null, "If-Match", "\"7\"").code()).isEqualTo("task.changed");
        assertThat(alice.send("PUT", path, null, "If-Match", "\"1\"").status()).isEqualTo(200);
    }

    @Test
    void deletesOnceAndForAll() {
        Api.Client alice = api.newUser();
        Api.Answer created = alice.task("a");
        String path = created.header("Location");

        assertThat(alice.delete(path, "If-Match", created.etag()).status()).isEqualTo(204);

        assertThat(alice.get(path).code()).isEqualTo("task.not_found");
        assertThat(alice.delete(path, "If-Match", created.etag()).code()).isEqualTo("task.not_found");
        assertThat(alice.get(TASKS).body().get("items")).isEmpty();
    }

    @Test
    void asksForAConditionBeforeAChange() {
        Api.Client alice = api.newUser();
        String path = alice.task("a").header("Location");

        assertThat(alice.put(path, "{\"title\":\"b\"}").code()).isEqualTo("task.condition_required");
        assertThat(alice.patch(path, "{\"title\":\"b\"}").status()).isEqualTo(428);
        assertThat(alice.delete(path).status()).isEqualTo(428);
        assertThat(alice.get(path).etag()).isEqualTo("\"1\"");
    }

    @Test
    void refusesAChangeBasedOnAnOldVersion() {
        Api.Client alice = api.newUser();
        String path = alice.task("a").header("Location");
        alice.patch(path, "{\"title\":\"b\"}", "If-Match", "\"1\"");

        assertThat(alice.put(path, "{\"title\":\"c\"}", "If-Match", "\"1\"").code())
                .isEqualTo("task.changed");
        assertThat(alice.patch(path, "{\"title\":\"c\"}", "If-Match", "W/\"2\"").status())
                .isEqualTo(412);
        assertThat(alice.delete(path, "If-Match", "\"1\", \"x\"").status()).isEqualTo(412);
        assertThat(alice.get(path).body().get("title").asString()).isEqualTo("b");
        assertThat(alice.put(path, "{\"title\":\"c\"}", "If-Match", "\"1\", \"2\"")
                        .status())
                .isEqualTo(200);
        assertThat(alice.delete(path, "If-Match", "*").status()).isEqualTo(204);
    }

    @Test
    void answersNotModifiedToWhoHasTheNewest() {
        Api.Client alice = api.newUser();
        String path = alice.task("a").header("Location");

        Api.Answer same = alice.get(path, "If-None-Match", "\"1\"");
        alice.patch(path, "{\"title\":\"b\"}", "If-Match", "\"1\"");

        assertThat(same.status()).isEqualTo(304);
        assertThat(same.text()).isEmpty();
        assertThat(alice.get(path, "If-None-Match", "\"1\"").status()).isEqualTo(200);
    }

    @Test
    void hidesAnotherUsersTask() {
        Api.Client alice = api.newUser();
        Api.Client bob = api.newUser();
        Api.Answer created = alice.task("secret");
        String path = created.header("Location");

        assertThat(bob.get(path).code()).isEqualTo("task.not_found");
        assertThat(bob.put(path, "{\"title\":\"x\"}", "If-Match", "\"1\"").status())
                .isEqualTo(404);
        assertThat(bob.patch(path, "{\"title\":\"x\"}", "If-Match", "\"1\"").status())
                .isEqualTo(404);
        assertThat(bob.delete(path, "If-Match", "*").status()).isEqualTo(404);
        assertThat(bob.send("PUT", path + "/completion", null).status()).isEqualTo(404);
        assertThat(bob.delete(path + "/completion").status()).isEqualTo(404);
        assertThat(bob.get(TASKS).body().get("items")).isEmpty();
        assertThat(alice.get(path).body()).isEqualTo(created.body());
    }

    @Test
    void acceptsOnlyCategoriesOfTheSameUser() {
        Api.Client alice = api.newUser();
        Api.Client bob = api.newUser();
        String foreign = bob.get(Api.CATEGORIES).body().at("/items/0/id").asString();
        Api.Answer created = alice.task("a");

        Api.Answer refused = alice.post(TASKS, "{\"title\":\"x\",\"category_id\":\"" + foreign + "\"}");
        Api.Answer unknown = alice.post(TASKS, "{\"title\":\"x\",\"category_id\":\"" + UUID.randomUUID() + "\"}");
        Api.Answer moved =
                alice.patch(created.header("Location"), "{\"category_id\":\"" + foreign + "\"}", "If-Match", "\"1\"");

        for (Api.Answer answer : new Api.Answer[] {refused, unknown, moved}) {
            assertThat(answer.code()).isEqualTo("request.invalid");
            assertThat(answer.body().at("/violations/0/field").asString()).isEqualTo("/category_id");
        }
        assertThat(alice.get(TASKS).body().get("items")).hasSize(1);
    }
}
