package dev.firebreak.tasks;

import static dev.firebreak.tasks.Api.TASKS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

@ServiceIT
class PagingIT {
    @Autowired
    Api api;

    @Test
    void walksThroughAllTasksNewestFirst() {
        Api.Client alice = api.newUser();
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            made.addFirst(alice.task("t" + i).id().toString());
        }

        List<List<String>> pages = walk(alice, "?limit=10");

        assertThat(pages).extracting(List::size).containsExactly(10, 10, 5);
        assertThat(pages.stream().flatMap(List::stream).toList()).isEqualTo(made);
    }

    @Test
    void aPageThatEndsWithTheLastTaskHasNoNext() {
        Api.Client alice = api.newUser();
        for (int i = 0; i < 4; i++) {
            alice.task("t" + i);
        }

        assertThat(walk(alice, "?limit=2")).hasSize(2);
        assertThat(alice.get(TASKS + "?limit=4").body().get("next").isNull()).isTrue();
    }

    @Test
    void changesMeanwhileShiftNothing() {
        Api.Client alice = api.newUser();
        List<String> made = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            made.addFirst(alice.task("t" + i).id().toString());
        }
        JsonNode first = alice.get(TASKS + "?limit=3").body();
        String lastOfPage = first.at("/items/2/id").asString();

        alice.delete(TASKS + "/" + lastOfPage, "If-Match", "*");
        alice.task("new");
        JsonNode second = alice.get(
                        TASKS + "?limit=3&after=" + first.get("next").asString())
                .body();

        assertThat(ids(second)).isEqualTo(made.subList(3, 6));
        assertThat(second.get("next").isNull()).isTrue();
    }

    @Test
    void filtersByCompletionAndCategory() {
        Api.Client alice = api.newUser();
        String work = alice.get(Api.CATEGORIES).body().at("/items/2/id").asString();
        String open = alice.task("open").id().toString();
        String done = alice.task("done").id().toString();
        alice.send("PUT", TASKS + "/" + done + "/completion", null);
        String doneAtWork = alice.post(TASKS, "{\"title\":\"w\",\"category_id\":\"" + work + "\"}")
                .id()
                .toString();
        alice.send("PUT", TASKS + "/" + doneAtWork + "/completion", null);

        assertThat(ids(alice.get(TASKS + "?completed=false").body())).containsExactly(open);
        assertThat(ids(alice.get(TASKS + "?completed=true").body())).containsExactly(doneAtWork, done);
        assertThat(ids(alice.get(TASKS + "?category=" + work).body())).containsExactly(doneAtWork);
        assertThat(ids(alice.get(TASKS + "?completed=false&category=" + work).body()))
                .isEmpty();
        assertThat(walk(alice, "?completed=true&limit=1")).containsExactly(List.of(doneAtWork), List.of(done));
    }

    private static List<List<String>> walk(Api.Client client, String query) {
        List<List<String>> pages = new ArrayList<>();
        JsonNode page = client.get(TASKS + query).body();
        pages.add(ids(page));
        while (!page.get("next").isNull()) {
            assertThat(pages).hasSizeLessThan(100);
            page = client.get(TASKS + query + "&after=" + page.get("next").asString())
                    .body();
            pages.add(ids(page));
        }
        return pages;
    }

    private static List<String> ids(JsonNode page) {
        return page.get("items")
                .valueStream()
                .map(item -> item.get("id").asString())
                .toList();
    }
}
