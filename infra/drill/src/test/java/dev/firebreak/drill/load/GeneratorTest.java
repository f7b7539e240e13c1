package dev.firebreak.drill.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GeneratorTest {
    private static final Predicate<Outcome> GOOD = Outcome.GOOD::equals;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /**
     * Half a second in which nothing is answered hits one request in six. Whoever measured from the moment of sending, one
     * request after another, would see a single slow one.
     */
    @Test
    void aStallOfTheServerIsSeenByEveryoneWhoCameMeanwhile() {
        try (StallingServer server = new StallingServer();
                HttpWire wire = new HttpWire(server.port(), "localhost", Duration.ofSeconds(5), 200)) {
            Generator generator = new Generator(500, PATIENCE);
            Generator.Target target = index -> get(wire);
            generator.run(Schedule.uniform(100, Duration.ofSeconds(1)), target);

            server.stallIn(Duration.ofSeconds(1), Duration.ofMillis(500));
            Shots shots = generator.run(Schedule.uniform(100, Duration.ofSeconds(3)), target);

            assertThat(shots.count(Outcome.GOOD)).isEqualTo(300);
            assertThat(shots.latencyMs(GOOD, 50)).isLessThan(100);
            // 50 of 300 came while it stalled and waited 500, 490, 480 … ms.
            assertThat(shots.latencyMs(GOOD, 90)).isGreaterThan(150);
            assertThat(shots.latencyMs(GOOD, 99)).isGreaterThan(400);
            assertThat(shots.between(Duration.ofMillis(1000), Duration.ofMillis(1100))
                            .latencyMs(GOOD, 50))
                    .isGreaterThan(350);
        }
    }

    @Test
    void whatFindsNoRoomCountsAsFailedAndIsNotSkipped() {
        CountDownLatch release = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> releaseLate(release));

        Shots shots = new Generator(5, PATIENCE).run(Schedule.uniform(200, Duration.ofMillis(100)), index -> {
            await(release);
            return Outcome.GOOD;
        });

        assertThat(shots.count()).isEqualTo(20);
        assertThat(shots.count(Outcome.GOOD) + shots.count(Outcome.NOT_SENT)).isEqualTo(20);
        assertThat(shots.count(Outcome.NOT_SENT)).isGreaterThanOrEqualTo(1);
        assertThat(shots.lateShare()).isGreaterThan(0);
    }

    @Test
    void aGoodAnswerThatComesTooLateIsNone() {
        Shots shots = new Generator(10, Duration.ofMillis(20))
                .run(Schedule.uniform(100, Duration.ofMillis(20)), index -> {
                    LockSupport.parkNanos(Duration.ofMillis(index == 0 ? 60 : 0).toNanos());
                    return Outcome.GOOD;
                });

        assertThat(shots.count(Outcome.TIMED_OUT)).isGreaterThanOrEqualTo(1);
    }

    @Test
    void failuresOfTheTargetAreOutcomes() {
        Shots shots = new Generator(10, PATIENCE)
                .run(Schedule.uniform(100, Duration.ofMillis(30)), index -> switch (index) {
                    case 0 -> throw new IOException("broken");
                    case 1 -> throw new IllegalStateException("bug");
                    default -> Outcome.SHED;
                });

        assertThat(shots.count(Outcome.BROKEN)).isEqualTo(1);
        assertThat(shots.count(Outcome.FAILED)).isEqualTo(1);
        assertThat(shots.count(Outcome.SHED)).isEqualTo(1);
    }

    /** The five that fit are held until the schedule has long ended. */
    private static void releaseLate(CountDownLatch release) {
        try {
            Thread.sleep(Duration.ofMillis(500));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        release.countDown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Outcome get(HttpWire wire) throws IOException {
        return wire.send(Request.get("/")).isGood() ? Outcome.GOOD : Outcome.FAILED;
    }
}
