package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.Await;
import dev.firebreak.system.harness.Figures;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.Traffic;
import dev.firebreak.system.harness.WithStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing acknowledged is lost: a 2xx for a write survives the sudden death of PostgreSQL. */
@WithStack
class DurabilityIT {
    private static final int KILLS = 3;
    private static final int WRITERS = 8;
    private static final int BETWEEN_KILLS = 60;

    private final SystemStack stack;

    DurabilityIT(SystemStack stack) {
        this.stack = stack;
    }

    @Test
    @Timeout(240)
    void everyAcknowledgedWriteOutlivesTheKilledDatabase() {
        Person person = stack.users().create();
        Tasks tasks = Tasks.of(stack.api(stack.users().bearer(person)));
        Set<String> sent = ConcurrentHashMap.newKeySet();
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicInteger number = new AtomicInteger();
        List<Duration> recoveries = new ArrayList<>();

        try (Traffic writes = new Traffic("load")) {
            writes.lane("write", WRITERS, Duration.ofMillis(2), () -> {
                String title = "write " + number.incrementAndGet();
                sent.add(title);
                Answer answer = tasks.add(title);
                if (answer.status() == 201) {
                    acknowledged.add(title);
                }
                return answer;
            });
            for (int kill = 0; kill < KILLS; kill++) {
                int enough = acknowledged.size() + BETWEEN_KILLS;
                Await.until("writes flow", Duration.ofSeconds(30), () -> acknowledged.size() >= enough);
                stack.kill(Part.TASKS_DB);
                int before = acknowledged.size();
                long killed = System.nanoTime();
                stack.start(Part.TASKS_DB);
                Await.until(
                        "a write is acknowledged again", Duration.ofSeconds(30), () -> acknowledged.size() > before);
                recoveries.add(Duration.ofNanos(System.nanoTime() - killed));
            }
            assertThat(writes.tally("write", "load").outcomes().keySet())
                    .as("nothing but success and 503: %s", writes.tally("write", "load"))
                    .allMatch(outcome -> outcome.equals("201") || outcome.startsWith("503 "));
            Figures.record("Durability", "writes", writes.tally("write", "load").summary());
        }

        List<String> stored =
                Await.until("the list can be read", Duration.ofSeconds(10), () -> tasks.allTitles(200), titles -> true);
        Set<String> lost = new HashSet<>(acknowledged);
        stored.forEach(lost::remove);

        Figures.record("Durability", "kills of tasks-db (SIGKILL of all its processes)", Integer.toString(KILLS));
        Figures.record("Durability", "acknowledged", Integer.toString(acknowledged.size()));
        Figures.record(
                "Durability", "sent and never acknowledged", Integer.toString(sent.size() - acknowledged.size()));
        Figures.record("Durability", "lost", Integer.toString(lost.size()));
        Figures.record(
                "Durability",
                "first acknowledged write after each kill",
                recoveries.stream().map(Figures::text).toList().toString());
        assertThat(lost).as("acknowledged and not there").isEmpty();
        assertThat(stored).doesNotHaveDuplicates().allMatch(sent::contains);
    }
}
