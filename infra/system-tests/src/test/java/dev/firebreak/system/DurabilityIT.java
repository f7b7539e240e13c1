package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.Await;
import dev.firebreak.system.harness.Figures;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tally;
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

/** Nothing acknowledged is lost: a 2xx for a write survives the sudden death of any process that it went through. */
@WithStack
class DurabilityIT {
    private static final String CUT = "failed UncheckedIOException";
    private static final int WRITERS = 8;
    private static final int BETWEEN_KILLS = 60;

    /** Who is refused comes again at once: without a pause the writers would take the processor from the part that starts. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** A JVM on a busy machine of two cores. */
    private static final Duration BACK = Duration.ofSeconds(90);

    private final SystemStack stack;

    DurabilityIT(SystemStack stack) {
        this.stack = stack;
    }

    @Test
    @Timeout(240)
    void everyAcknowledgedWriteOutlivesTheKilledDatabase() {
        everyAcknowledgedWriteOutlives(Part.TASKS_DB, 3, 0);
    }

    /** An answer that is on its way to the gateway can only be cut: nobody knows its end. */
    @Test
    @Timeout(300)
    void everyAcknowledgedWriteOutlivesTheKilledService() {
        everyAcknowledgedWriteOutlives(Part.TASK_SERVICE, 2, 2 * WRITERS);
    }

    /** While there is no gateway, there is nobody to answer. */
    @Test
    @Timeout(300)
    void everyAcknowledgedWriteOutlivesTheKilledGateway() {
        everyAcknowledgedWriteOutlives(Part.GATEWAY, 2, Integer.MAX_VALUE);
    }

    /** @param cut how many connections may be refused or cut; everybody else is answered 201 or 503 */
    private void everyAcknowledgedWriteOutlives(Part part, int kills, int cut) {
        Person person = stack.users().create();
        Tasks tasks = Tasks.of(stack.api(stack.users().bearer(person)));
        Set<String> sent = ConcurrentHashMap.newKeySet();
        Set<String> acknowledged = ConcurrentHashMap.newKeySet();
        AtomicInteger number = new AtomicInteger();
        List<Duration> recoveries = new ArrayList<>();

        try (Traffic writes = new Traffic("load")) {
            writes.lane("write", WRITERS, PAUSE, () -> {
                String title = "write " + number.incrementAndGet();
                sent.add(title);
                Answer answer = tasks.add(title);
                if (answer.status() == 201) {
                    acknowledged.add(title);
                }
                return answer;
            });
            for (int kill = 0; kill < kills; kill++) {
                int enough = acknowledged.size() + BETWEEN_KILLS;
                Await.until("writes flow", BACK, () -> acknowledged.size() >= enough);
                stack.kill(part);
                int before = acknowledged.size();
                long killed = System.nanoTime();
                stack.start(part);
                Await.until("a write is acknowledged again", BACK, () -> acknowledged.size() > before);
                recoveries.add(Duration.ofNanos(System.nanoTime() - killed));
            }
            Tally tally = writes.tally("write", "load");
            assertThat(tally.outcomes().keySet())
                    .as("nothing but success, 503 and cut connections: %s", tally)
                    .allMatch(outcome -> outcome.equals("201") || outcome.startsWith("503 ") || outcome.equals(CUT));
            assertThat(tally.count(CUT)).as(tally::toString).isLessThanOrEqualTo(cut);
            Figures.record(
                    "Durability", "writes while " + part.id() + " is killed " + kills + " times", tally.summary());
        }

        List<String> stored =
                Await.until("the list can be read", Duration.ofSeconds(10), () -> tasks.allTitles(200), titles -> true);
        Set<String> lost = new HashSet<>(acknowledged);
        stored.forEach(lost::remove);

        Figures.record(
                "Durability",
                part.id() + ": acknowledged / sent and never acknowledged / lost",
                acknowledged.size() + " / " + (sent.size() - acknowledged.size()) + " / " + lost.size());
        Figures.record(
                "Durability",
                part.id() + ": first acknowledged write after each SIGKILL",
                recoveries.stream().map(Figures::text).toList().toString());
        assertThat(lost).as("acknowledged and not there").isEmpty();
        assertThat(stored).doesNotHaveDuplicates().allMatch(sent::contains);
    }
}
