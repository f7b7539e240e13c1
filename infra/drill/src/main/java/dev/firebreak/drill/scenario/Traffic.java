package dev.firebreak.drill.scenario;

import dev.firebreak.drill.load.CpuMeter;
import dev.firebreak.drill.load.Generator;
import dev.firebreak.drill.load.Schedule;
import dev.firebreak.drill.load.Shots;
import dev.firebreak.drill.site.HealthWatch;
import dev.firebreak.drill.site.Subject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/** Load over a subject with everything measured at once: users, health, CPU, the pool; and a fault's script meanwhile. */
final class Traffic {
    /** Far above what an answering system leaves open; the control fills some of it. */
    private static final int MOST_OPEN = 6_000;

    private static final int MOST_OPEN_PROBES = 200;
    private static final double PROBES_PER_SECOND = 20;
    private static final Duration PROBE_PATIENCE = Duration.ofSeconds(2);

    private final Subject subject;
    private final HealthWatch health;
    private final Mix mix;

    Traffic(Subject subject, HealthWatch health, Mix mix) {
        this.subject = subject;
        this.health = health;
        this.mix = mix;
    }

    Subject subject() {
        return subject;
    }

    /** Offers a schedule and returns when the last answer is there and the script has ended. */
    Leg run(Schedule schedule, Script script) {
        Executor threads = Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("drill-", 0).factory());
        CpuMeter cpu = CpuMeter.start();
        Duration busyBefore = subject.databaseBusy();
        long start = System.nanoTime();
        CompletableFuture<Duration> healed = CompletableFuture.supplyAsync(() -> script.play(start), threads);
        CompletableFuture<Shots> probes = CompletableFuture.supplyAsync(
                () -> new Generator(MOST_OPEN_PROBES, PROBE_PATIENCE)
                        .run(Schedule.uniform(PROBES_PER_SECOND, schedule.length()), health, start),
                threads);
        CompletableFuture<Measured> measured =
                CompletableFuture.supplyAsync(() -> measure(cpu, busyBefore, start, schedule.length()), threads);
        Shots shots =
                new Generator(MOST_OPEN, subject.patience()).run(schedule, index -> mix.fire(subject, index), start);
        try {
            return new Leg(
                    schedule.count() / (schedule.length().toMillis() / 1e3),
                    shots,
                    probes.join(),
                    measured.join().cpu(),
                    measured.join().utilisation(),
                    healed.join());
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private record Measured(double cpu, double utilisation) {}

    /** Exactly over the schedule: what runs out afterwards is neither load nor idleness. */
    private Measured measure(CpuMeter cpu, Duration busyBefore, long start, Duration length) {
        Script.nothing().at(length, () -> {}).play(start);
        double utilisation =
                (double) subject.databaseBusy().minus(busyBefore).toNanos() / Subject.POOL_SIZE / length.toNanos();
        return new Measured(cpu.utilisation(), utilisation);
    }
}
