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
        return List.of(ground.again(name(), () -> measure(ground)));
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
        try (HealthWatch health = new HealthWatch(ground.stack(), watched())) {
            leg = account.add(new Traffic(ground.firebreak(), health, Mix.usual(ground.seed()))
                    .run(Schedule.poisson(rate(), length, ground.seed()), script));
        }
        Capacity.awaitCalm(ground.firebreak());
        if (isInvisible()) {
            int noticed = leg.shots().count() - leg.shots().count(Outcome.GOOD);
            account.finding(new Finding("requests that noticed", noticed, "0", noticed == 0, true));
        } else {
            double refused = leg.shots().latencyMs(outcome -> outcome != Outcome.GOOD, 99);
            account.finding(
                    Finding.below("refusals, p99 ms", refused, slowestRefusal().toMillis()));
        }
        return account.close(leg.recoveryMs(length));
    }

    double rate() {
        return PER_SECOND;
    }

    /** "503 within 5 s" for whatever is away; scenarios that promise more say so. */
    Duration slowestRefusal() {
        return Duration.ofSeconds(5);
    }
}
