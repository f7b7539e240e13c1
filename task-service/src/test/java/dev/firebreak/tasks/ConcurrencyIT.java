package dev.firebreak.tasks;

import static dev.firebreak.tasks.Api.CATEGORIES;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

@ServiceIT
class ConcurrencyIT {
    private static final int AT_ONCE = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Autowired
    Api api;

    @Test
    void oneOfFiftyChangesOfTheSameVersionIsMade() throws Exception {
        Api.Client alice = api.newUser();
        String path = alice.task("a").header("Location");

        List<Api.Answer> answers =
                together(i -> alice.patch(path, "{\"title\":\"by " + i + "\"}", "If-Match", "\"1\""));

        assertThat(answers).filteredOn(it -> it.status() == 200).hasSize(1);
        assertThat(answers).filteredOn(it -> it.code().equals("task.changed")).hasSize(AT_ONCE - 1);
        Api.Answer winner =
                answers.stream().filter(it -> it.status() == 200).findFirst().orElseThrow();
        assertThat(alice.get(path).body()).isEqualTo(winner.body());
    }

    @Test
    void fiftyFirstRequestsFindTheSameDefaults() throws Exception {
        Api.Client alice = api.newUser();

        List<Api.Answer> answers = together(i -> alice.get(CATEGORIES));

        assertThat(answers).allMatch(it -> it.status() == 200);
        assertThat(answers.stream().map(Api.Answer::body).distinct()).hasSize(1);
        assertThat(answers.getFirst().body().get("items")).hasSize(3);
    }

    @Test
    void fiftyFirstWritesMakeTheDefaultsOnce() throws Exception {
        Api.Client alice = api.newUser();

        List<Api.Answer> answers = together(i -> alice.task("task " + i));

        assertThat(answers).allMatch(it -> it.status() == 201);
        assertThat(alice.get(CATEGORIES).body().get("items")).hasSize(3);
        assertThat(alice.get(Api.TASKS + "?limit=200").body().get("items")).hasSize(AT_ONCE);
    }

    @Test
    void oneOfFiftyCategoriesOfTheSameNameIsMade() throws Exception {
        Api.Client alice = api.newUser();

        List<Api.Answer> answers = together(i -> alice.post(CATEGORIES, "{\"name\":\"Garden\"}"));

        assertThat(answers).filteredOn(it -> it.status() == 201).hasSize(1);
        assertThat(answers)
                .filteredOn(it -> it.code().equals("category.name_taken"))
                .hasSize(AT_ONCE - 1);
        assertThat(alice.get(CATEGORIES).body().get("items")).hasSize(4);
    }

    @Test
    void deletingAndCreatingTheSameNameNeverWaitForEachOther() throws Exception {
        Api.Client alice = api.newUser();
        for (int round = 0; round < 10; round++) {
            String path = alice.post(CATEGORIES, "{\"name\":\"Garden\"}").header("Location");

            List<Api.Answer> answers = together(i ->
                    i % 2 == 0 ? alice.delete(path, "If-Match", "*") : alice.post(CATEGORIES, "{\"name\":\"Garden\"}"));

            assertThat(answers)
                    .extracting(Api.Answer::status)
                    .allMatch(status -> List.of(201, 204, 404, 409).contains(status));
            for (var item : alice.get(CATEGORIES).body().get("items")) {
                if (item.get("name").asString().equals("Garden")) {
                    alice.delete(CATEGORIES + "/" + item.get("id").asString(), "If-Match", "*");
                }
            }
        }
    }

    private interface Call {
        Api.Answer make(int number) throws Exception;
    }

    /**
     * Fifty at once over a small pool: on a slow disk some are told to come back, which proves that nothing was done. They
     * do come back, as any client would.
     */
    private static Api.Answer untilAdmitted(Call call, int number) throws Exception {
        Instant deadline = Instant.now().plus(PATIENCE);
        Api.Answer answer = call.make(number);
        while (answer.status() == 503
                && answer.code().equals("pool.saturated")
                && Instant.now().isBefore(deadline)) {
            TimeUnit.MILLISECONDS.sleep(100);
            answer = call.make(number);
        }
        return answer;
    }

    private static List<Api.Answer> together(Call call) throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Api.Answer>> running = IntStream.range(0, AT_ONCE)
                    .mapToObj(i -> threads.submit((Callable<Api.Answer>) () -> {
                        go.await();
                        return untilAdmitted(call, i);
                    }))
                    .toList();
            go.countDown();
            List<Api.Answer> answers = new ArrayList<>();
            for (Future<Api.Answer> answer : running) {
                answers.add(answer.get());
            }
            return answers;
        }
    }
}
