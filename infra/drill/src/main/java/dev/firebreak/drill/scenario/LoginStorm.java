package dev.firebreak.drill.scenario;

import dev.firebreak.drill.load.ClosedLoop;
import dev.firebreak.drill.load.CpuMeter;
import dev.firebreak.drill.load.Generator;
import dev.firebreak.drill.load.Outcome;
import dev.firebreak.drill.load.Schedule;
import dev.firebreak.drill.load.Shots;
import dev.firebreak.drill.site.HealthWatch;
import dev.firebreak.drill.site.Logins;
import dev.firebreak.drill.site.Refreshes;
import dev.firebreak.drill.site.Subject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;

/**
 * Ten times the logins that can be hashed: those who are signed in, and renew, must hardly feel it. Hashes are niced
 * threads of ours, so they count as use of the machine here; where all of it is in use in the storm, it is told how much
 * slower others became, and not judged (product.md, "CPU-bound").
 */
final class LoginStorm implements Scenario {
    private static final double USUAL_SHARE = 0.6;
    private static final int STORM = 10;
    private static final double REFRESHES = 10;
    private static final double TASKS = 60;
    private static final int HASHERS = 4;
    private static final int MOST_OPEN = 2_000;
    /** "A login storm at 10x moves refresh p99 < 20 %." */
    private static final double MOST_MOVED = 1.2;

    private static final double[] CURVE = {50, 90, 99, 99.9};

    /** Hashes have the lowest priority and give way to everything, refusals too; they must not starve. */
    private static final double LEAST_LOGINS = 0.5;

    @Override
    public String name() {
        return "login-storm";
    }

    @Override
    public String broken() {
        return "10x the logins that the hash executor can do";
    }

    /** One part: tasks, refreshes and logins at the same time. */
    private record Part(Leg tasks, Shots refreshes, Shots logins, double cpu) {
        double tasksP99() {
            return tasks.shots().latencyMs(Outcome.GOOD::equals, 99);
        }

        double refreshP99() {
            return refreshes.latencyMs(Outcome.GOOD::equals, 99);
        }

        boolean isCpuBound() {
            return cpu > Leg.MOST_CPU;
        }
    }

    @Override
    public List<Result> run(Ground ground) {
        try (HealthWatch health = ground.health();
                Logins logins = Logins.prepare(ground.stack(), ground.firebreak());
                Refreshes refreshes = Refreshes.prepare(ground.stack(), ground.firebreak())) {
            ClosedLoop.peak(2, ground.seconds(3, 4, 4), refreshes);
            double peak = ClosedLoop.peak(HASHERS, ground.seconds(4, 6, 10), logins);
            ground.say(name(), String.format(Locale.ROOT, "peak %.1f logins/s", peak));
            return List.of(
                    ground.again(name(), Ground.REPEATS, () -> measure(ground, health, logins, refreshes, peak)));
        } catch (IOException e) {
            throw new UncheckedIOException("nobody can sign in before the storm", e);
        }
    }

    private Result measure(Ground ground, HealthWatch health, Logins logins, Refreshes refreshes, double peak) {
        Account account = new Account(this, ground.firebreak());
        Part calm = part(ground, health, logins, refreshes, peak * USUAL_SHARE, account);
        Part storm = part(ground, health, logins, refreshes, peak * USUAL_SHARE * STORM, account);
        Duration after = ground.seconds(4, 6, 10);
        Leg recovered = account.add(new Traffic(ground.firebreak(), health, Mix.usual(ground.seed()))
                .run(Schedule.poisson(TASKS, after, ground.seed()), Script.nothing()));
        Capacity.awaitCalm(ground.firebreak());
        int wrong = calm.logins().count(Outcome.WRONG_401)
                + storm.logins().count(Outcome.WRONG_401)
                + calm.refreshes().count(Outcome.WRONG_401)
                + storm.refreshes().count(Outcome.WRONG_401);
        told(account, "calm", calm);
        told(account, "storm", storm);
        boolean judged = !storm.isCpuBound();
        return account.finding(Finding.none("right passwords and tokens refused", wrong))
                .finding(moved("refresh p99, storm / calm", storm.refreshP99(), calm.refreshP99(), judged))
                .finding(moved("tasks p99, storm / calm", storm.tasksP99(), calm.tasksP99(), judged))
                .finding(Finding.reaches(
                        "refreshes good in the storm, share",
                        (double) storm.refreshes().count(Outcome.GOOD)
                                / storm.refreshes().count(),
                        1))
                .finding(Finding.reaches(
                        "logins good a second in the storm, share of peak",
                        storm.logins().count(Outcome.GOOD)
                                / (double) length(ground).toSeconds()
                                / peak,
                        LEAST_LOGINS))
                .finding(Finding.atLeast(
                        "logins shed, or it was no storm", storm.logins().count(Outcome.SHED), 1))
                .close(recovered.recoveryMs(after));
    }

    /** The whole curve, since its end says little of a machine that is all in use. */
    private static void told(Account account, String when, Part part) {
        account.finding(Finding.figure("CPU with hashes, " + when, part.cpu()));
        for (double percentile : CURVE) {
            account.finding(curve("refresh", when, percentile, part.refreshes()));
            account.finding(curve("tasks", when, percentile, part.tasks().shots()));
        }
    }

    private static Finding curve(String what, String when, double percentile, Shots shots) {
        return Finding.figure(
                String.format(Locale.ROOT, "%s p%s ms, %s", what, percentile, when)
                        .replace(".0 ", " "),
                shots.latencyMs(Outcome.GOOD::equals, percentile));
    }

    /** Without a good answer in either part there is no ratio, and nothing is held. */
    private static Finding moved(String name, double storm, double calm, boolean judged) {
        double ratio = storm > 0 && calm > 0 ? storm / calm : Double.MAX_VALUE;
        return judged ? Finding.below(name, ratio, MOST_MOVED) : Finding.figure(name + " (CPU-bound)", ratio);
    }

    private static Duration length(Ground ground) {
        return ground.seconds(10, 20, 60);
    }

    private Part part(
            Ground ground,
            HealthWatch health,
            Logins logins,
            Refreshes refreshes,
            double loginsPerSecond,
            Account account) {
        Duration length = length(ground);
        CpuMeter cpu = CpuMeter.startWithNiced();
        long start = System.nanoTime();
        Executor threads =
                Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());
        CompletableFuture<Shots> refreshing = CompletableFuture.supplyAsync(
                () -> load(refreshes, Schedule.poisson(REFRESHES, length, ground.seed() + 1), start), threads);
        CompletableFuture<Shots> loggingIn = CompletableFuture.supplyAsync(
                () -> load(logins, Schedule.poisson(loginsPerSecond, length, ground.seed() + 2), start), threads);
        Leg leg = account.add(new Traffic(ground.firebreak(), health, Mix.usual(ground.seed()))
                .run(Schedule.poisson(TASKS, length, ground.seed()), Script.nothing()));
        Part part = new Part(leg, refreshing.join(), loggingIn.join(), cpu.utilisation());
        ground.say(
                name(),
                String.format(
                        Locale.ROOT,
                        "%.0f logins/s: %d good, %d shed; p99 refresh %.0f, tasks %.0f ms; CPU %.0f %%",
                        loginsPerSecond,
                        part.logins().count(Outcome.GOOD),
                        part.logins().count(Outcome.SHED),
                        part.refreshP99(),
                        part.tasksP99(),
                        part.cpu() * 100));
        return part;
    }

    private static Shots load(Generator.Target target, Schedule schedule, long start) {
        return new Generator(MOST_OPEN, Subject.PATIENCE).run(schedule, target, start);
    }
}
