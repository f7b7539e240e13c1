package dev.firebreak.drill.scenario;

import dev.firebreak.drill.site.ControlApplication;
import dev.firebreak.drill.site.DrillStack;
import dev.firebreak.drill.site.Firebreak;
import dev.firebreak.drill.site.HealthWatch;
import dev.firebreak.drill.site.Subject;
import dev.firebreak.stack.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What a scenario is given.
 *
 * @param project root of the reactor
 * @param stack its own stack, whole
 * @param firebreak that stack with visitors signed in
 * @param scale how long its parts last
 * @param seed of every schedule and mix of this run
 * @param progress hears what happens
 */
public record Ground(Path project, DrillStack stack, Firebreak firebreak, Scale scale, long seed, Progress progress) {
    /** Real time, or short forms for every test run. */
    public enum Scale {
        SHORT,
        USUAL,
        LONG;

        <T> T pick(T forShort, T usual, T forLong) {
            return switch (this) {
                case SHORT -> forShort;
                case USUAL -> usual;
                case LONG -> forLong;
            };
        }
    }

    private static final Duration WARM_UP_ROUND = Duration.ofSeconds(5);

    /** A round that needs no less CPU than this share of the cheapest before: what is hot has been compiled. */
    private static final double NO_CHEAPER = 0.97;

    /** So many such rounds in a row are no accident. */
    private static final int SETTLED_ROUNDS = 3;

    static final int REPEATS = 2;

    /** People at the control, as many as at Firebreak. */
    public static final int VISITORS = 16;

    /** A load this long, by the scale of the run. */
    Duration seconds(int forShort, int usual, int forLong) {
        return Duration.ofSeconds(scale.pick(forShort, usual, forLong));
    }

    /** The control, started anew, with an empty database. */
    ControlApplication control() {
        ControlApplication control = ControlApplication.start(project, stack, VISITORS);
        Capacity.warmUp(control, Duration.ofSeconds(3), seed);
        return control;
    }

    /** Before the first scenario: without it the first minutes would measure the compiler. */
    public void warmUp() {
        say("drill", "warming up");
        Capacity.warmUp(firebreak, seconds(8, 15, 20), seed);
        try (HealthWatch health = health()) {
            int most = scale.pick(2, 18, 18);
            double cheapest = 1;
            for (int round = 0, settled = 0; round < most && settled < SETTLED_ROUNDS; round++) {
                double cpu = Capacity.warmUpShedding(firebreak, health, WARM_UP_ROUND, seed + round)
                        .cpu();
                // At the top nothing can be told from nothing.
                settled = cpu > Leg.MOST_CPU || cpu < NO_CHEAPER * cheapest ? 0 : settled + 1;
                cheapest = Math.min(cheapest, cpu);
            }
        }
        Capacity.awaitCalm(firebreak);
    }

    HealthWatch health() {
        return HealthWatch.all(stack);
    }

    void say(String scenario, String what) {
        progress.report(scenario, what);
    }

    /** Runs a leg, and again up to twice while it is invalid: another program's minute must not judge ours. */
    Leg untilValid(String scenario, int repeats, Supplier<Leg> run) {
        Leg last = run.get();
        for (int more = repeats; more > 0 && !last.isValid(); more--) {
            say(scenario, "again, because that was invalid: " + last.invalid());
            last = run.get();
        }
        return last;
    }

    /** The same for a whole run. */
    Result again(String scenario, int repeats, Supplier<Result> run) {
        Result last = run.get();
        for (int more = repeats; more > 0 && last.verdict() == Verdict.INVALID; more--) {
            say(scenario, "again, because that was invalid: " + last.reason());
            last = run.get();
        }
        return last;
    }

    /** In the short form the control is asked once: whether it collapses needs no quiet machine. */
    int repeatsOf(Subject subject) {
        return subject.name().equals(firebreak.name()) || scale != Scale.SHORT ? REPEATS : 0;
    }
}
