package dev.firebreak.system.clock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.firebreak.system.harness.Command;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestClockTest {
    /** Prints what each clock of its JVM says, in seconds. */
    static final class Reader {
        private Reader() {}

        public static void main(String[] args) {
            System.out.println(Instant.now().getEpochSecond());
            System.out.println(Clock.systemUTC().millis() / 1000);
            System.out.println(InstantSource.system().instant().getEpochSecond());
            System.out.println(InstantSource.system().millis() / 1000);
            System.out.println(new java.util.Date().getTime() / 1000);
        }
    }

    @TempDir
    private Path folder;

    @Test
    void movesEveryClockOfAnotherProcess() {
        TestClock clock = new TestClock(folder);
        clock.advance(Duration.ofDays(3));
        long before = clock.instant().getEpochSecond();

        List<String> read = Command.run(
                        folder,
                        Duration.ofSeconds(30),
                        Map.of(),
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                clock.jvmOption(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Reader.class.getName()))
                .expectSuccess()
                .out()
                .lines()
                .toList();

        long after = clock.instant().getEpochSecond();
        assertThat(read)
                .hasSize(5)
                .allSatisfy(second -> assertThat(Long.parseLong(second)).isBetween(before, after));
    }

    @Test
    void leavesThisProcessAlone() {
        TestClock clock = new TestClock(folder);

        clock.advance(Duration.ofHours(1));

        Instant before = Instant.now();
        Instant there = clock.instant();
        Instant after = Instant.now();
        assertThat(there.minus(Duration.ofHours(1))).isBetween(before, after);
    }

    @Test
    void neverGoesBack() {
        TestClock clock = new TestClock(folder);

        assertThatIllegalArgumentException().isThrownBy(() -> clock.advance(Duration.ofSeconds(-1)));
    }
}
