package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.Together;
import dev.firebreak.system.harness.WithStack;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Tasks and categories through the gateway, both ways in. */
@WithStack
class TasksIT {
    /** How a caller is known. */
    enum Way {
        COOKIE,
        BEARER
    }

    private final SystemStack stack;

    TasksIT(SystemStack stack) {
        this.stack = stack;
    }

    @ParameterizedTest
    @EnumSource
    void livesFromCreationToDeletion(Way way) {
        Tasks tasks = tasksOf(stack.users().create(), way);

        Answer created = tasks.add(Map.of("title", "Water the strip", "notes", "both sides", "due_date", "2027-03-01"))
                .expect(201);
        String id = created.json().path("id").asString();
        assertThat(created.header("location")).endsWith("/api/v1/tasks/" + id);
        assertThat(created.header("etag")).isNotBlank();

        Answer read = tasks.read(id).expect(200);
        assertThat(read.json().path("title").asString()).isEqualTo("Water the strip");
        assertThat(read.json().path("notes").asString()).isEqualTo("both sides");
        assertThat(read.json().path("due_date").asString()).isEqualTo("2027-03-01");

        Answer changed = tasks.change(id, read.header("etag"), Map.of("title", "Rake the strip"))
                .expect(200);
        assertThat(changed.json().path("title").asString()).isEqualTo("Rake the strip");
        assertThat(changed.json().path("notes").asString()).as("left alone").isEqualTo("both sides");

        Answer completed = tasks.complete(id, changed.header("etag")).expect(200);
        assertThat(completed.json().path("completed_at").asString("")).isNotBlank();
        Answer reopened = tasks.reopen(id, completed.header("etag")).expect(200);
        assertThat(reopened.json().path("completed_at").isNull()
                        || reopened.json().path("completed_at").isMissingNode())
                .isTrue();

        tasks.delete(id, reopened.header("etag")).expect(204);
        tasks.read(id).expectProblem(404, "task.not_found");
    }

    @Test
    void refusesAChangeOfWhatChangedMeanwhile() {
        Tasks tasks = tasksOf(stack.users().create(), Way.COOKIE);
        Answer created = tasks.add("First").expect(201);
        String id = created.json().path("id").asString();
        tasks.change(id, created.header("etag"), Map.of("title", "Second")).expect(200);

        tasks.change(id, created.header("etag"), Map.of("title", "Third")).expectProblem(412, "task.changed");
        tasks.delete(id, created.header("etag")).expectProblem(412, "task.changed");

        assertThat(tasks.read(id).json().path("title").asString()).isEqualTo("Second");
    }

    @Test
    void refusesAChangeThatDoesNotSayWhatItSaw() {
        Tasks tasks = tasksOf(stack.users().create(), Way.BEARER);
        String id = tasks.added();

        tasks.change(id, null, Map.of("title", "x")).expectProblem(428, "task.condition_required");
    }

    @Test
    void pagesThroughEveryTaskOnce() {
        Tasks tasks = tasksOf(stack.users().create(), Way.BEARER);
        List<String> titles =
                IntStream.rangeClosed(1, 23).mapToObj(i -> "Task " + i).toList();
        titles.forEach(title -> tasks.add(title).expect(201));

        assertThat(tasks.allTitles(5)).containsExactlyInAnyOrderElementsOf(titles);
        assertThat(tasks.list("limit=5").json().path("items")).hasSize(5);
    }

    @Test
    void refusesACursorItDidNotMake() {
        Tasks tasks = tasksOf(stack.users().create(), Way.BEARER);

        Answer refused = tasks.list("after=not-a-cursor").expect(400);

        assertThat(refused.isProblem()).isTrue();
    }

    @Test
    void namesEveryFieldThatIsWrong() {
        Tasks tasks = tasksOf(stack.users().create(), Way.COOKIE);

        Answer refused =
                tasks.add(Map.of("title", " ", "due_date", "2027-01-01")).expect(400);

        assertThat(refused.isProblem()).isTrue();
        assertThat(refused.json().path("violations")).as(refused.body()).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void hidesOneUsersTasksFromAnother(Way way) {
        Tasks owner = tasksOf(stack.users().create(), way);
        Tasks stranger = tasksOf(stack.users().create(), way);
        Answer created = owner.add("Private").expect(201);
        String id = created.json().path("id").asString();
        String etag = created.header("etag");

        stranger.read(id).expectProblem(404, "task.not_found");
        stranger.change(id, etag, Map.of("title", "Mine now")).expectProblem(404, "task.not_found");
        stranger.complete(id, etag).expectProblem(404, "task.not_found");
        stranger.delete(id, etag).expectProblem(404, "task.not_found");
        assertThat(stranger.allTitles(50)).isEmpty();

        assertThat(owner.read(id).json().path("title").asString()).isEqualTo("Private");
    }

    @Test
    void makesTheDefaultCategoriesOnceUnderFiftyFirstRequests() {
        Tasks tasks = tasksOf(stack.users().create(), Way.BEARER);

        List<Answer> answers = Together.run(50, i -> i % 2 == 0 ? tasks.categories() : tasks.add("first " + i));

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.status())
                        .as(answer::toString)
                        // Under such a burst the service may refuse some at its door, and says when to come back.
                        .isIn(200, 201, 503));
        assertThat(answers).filteredOn(answer -> answer.status() < 300).hasSizeGreaterThan(10);
        List<String> names = names(tasks.categories().expect(200).json().path("items"));
        assertThat(names).isNotEmpty().doesNotHaveDuplicates();
        Tasks other = tasksOf(stack.users().create(), Way.BEARER);
        assertThat(names)
                .containsExactlyInAnyOrderElementsOf(
                        names(other.categories().expect(200).json().path("items")));
    }

    @Test
    void keepsTheWritesOfParallelTabsApart() {
        Tasks tasks = tasksOf(stack.users().create(), Way.COOKIE);
        Answer created = tasks.add("Contended").expect(201);
        String id = created.json().path("id").asString();

        List<Answer> answers =
                Together.run(8, i -> tasks.change(id, created.header("etag"), Map.of("title", "by " + i)));

        assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
        assertThat(answers).filteredOn(answer -> answer.status() == 412).hasSize(7);
    }

    private Tasks tasksOf(Person person, Way way) {
        return switch (way) {
            case COOKIE -> Tasks.of(stack.users().signedIn(person));
            case BEARER -> Tasks.of(stack.api(stack.users().bearer(person)));
        };
    }

    private static List<String> names(JsonNode categories) {
        return StreamSupport.stream(categories.spliterator(), false)
                .map(category -> category.path("name").asString())
                .toList();
    }
}
