package dev.firebreak.drill.scenario;

import dev.firebreak.drill.load.Outcome;
import dev.firebreak.drill.load.Schedule;
import dev.firebreak.drill.site.HealthWatch;
import dev.firebreak.stack.layout.Part;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Something is away for a while, under a steady load: what a scenario that breaks one thing has in common. The scenario
 * says what, for how long, and whether users may notice.
 */
abstract class Outage implements Scenario {
    /** Steady and light: what is looked at is the outage, not the load. */
    private static final double PER_SECOND = 60;

    private static final Duration BEFORE = Duration.ofSeconds(4);

    /** Load that must be left after the mending for a recovery to be seen in it. */
    private static final Duration LEAST_AFTER = Duration.ofSeconds(5);

    private static final Duration LATE_LEG = Duration.ofSeconds(8);

    abstract void strike(Ground ground);

    abstract void mend(Ground ground);

    abstract Duration away(Ground ground);

    /** From the mending to the end of the load; a process must start in it. */
    Duration after(Ground ground) {
        return ground.seconds(8, 12, 20);
    }

    /** Whether those who are signed in must not notice anything. */
    abstract boolean isInvisible();

    /** Services whose health is asked for: not those that the scenario takes away. */
    List<Part> watched() {
        return Stream.of(Part.values()).filter(part -> !part.isDatabase()).toList();
    }

    @Override
    public List<Result> run(Ground ground) {
        return List.of(ground.again(name(), Ground.REPEATS, () -> measure(ground)));
    }

    private Result measure(Ground ground) {
        Account account = new Account(this, ground.firebreak());
        Duration away = away(ground);
        Duration length = BEFORE.plus(away).plus(after(ground));
        Script script = Script.nothing()
                .at(BEFORE, () -> {
                    ground.say(name(), "broken for " + away.toSeconds() + " s");
                    strike(ground);
                })
                .at(BEFORE.plus(away), () -> {
                    mend(ground);
                    ground.say(name(), "mended");
                });
        Leg leg;
        long recovery;
        try (HealthWatch health = new HealthWatch(ground.stack(), watched())) {
            Traffic traffic = new Traffic(ground.firebreak(), health, Mix.usual(ground.seed()));
            leg = account.add(traffic.run(Schedule.poisson(rate(), length, ground.seed()), script));
            boolean seen = leg.healedAt().plus(LEAST_AFTER).compareTo(length) < 0;
            recovery = seen ? leg.recoveryMs(length) : lateRecovery(ground, traffic, account);
        }
        Capacity.awaitCalm(ground.firebreak());
        int notGood = leg.shots().count() - leg.shots().count(Outcome.GOOD);
        if (isInvisible()) {
            account.finding(Finding.noneInTime("requests that noticed", notGood));
        } else {
            account.finding(Finding.atLeast("requests that noticed, or nothing was broken", notGood, 1));
            double refused = leg.shots().latencyMs(outcome -> outcome != Outcome.GOOD, 99);
            account.finding(
                    Finding.below("refusals, p99 ms", refused, slowestRefusal().toMillis()));
        }
        account(ground, account);
        return account.close(recovery);
    }

    /** A process that started slowly, on a busy machine, was there only when the load had ended. */
    private long lateRecovery(Ground ground, Traffic traffic, Account account) {
        Schedule more = Schedule.poisson(rate(), LATE_LEG, ground.seed() + 1);
        return account.add(traffic.run(more, Script.nothing())).recoveryMs(LATE_LEG);
    }

    /** What else this scenario promises. */
    void account(Ground ground, Account account) {}

    double rate() {
        return PER_SECOND;
    }

    /** "503 within 5 s" for whatever is away; scenarios that promise more say so. */
    Duration slowestRefusal() {
        return Duration.ofSeconds(5);
    }
}
