package dev.firebreak.drill.scenario;

import dev.firebreak.drill.fault.Rule;
import dev.firebreak.drill.load.Schedule;
import dev.firebreak.drill.site.ControlApplication;
import dev.firebreak.drill.site.HealthWatch;
import dev.firebreak.drill.site.Subject;
import dev.firebreak.stack.layout.Part;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole incident: the pool runs dry, the database that knows who people are goes away, everybody presses reload, it
 * comes back, people calm down. At the control that database holds everything, as it did then.
 */
final class Cascade implements Scenario {
    /** Ten times the load. */
    private static final int STORM = 10;

    @Override
    public String name() {
        return "cascade";
    }

    @Override
    public String broken() {
        return "pool dry, then auth-db killed, everybody reloads, heals";
    }

    @Override
    public List<Result> run(Ground ground) {
        List<Result> results = new ArrayList<>();
        try (HealthWatch health = ground.health()) {
            results.add(ground.again(name(), Ground.REPEATS, () -> measure(ground, ground.firebreak(), health)));
            int repeats = ground.scale().pick(0, Ground.REPEATS, Ground.REPEATS);
            results.add(ground.again(name(), repeats, () -> {
                try (ControlApplication control = ground.control()) {
                    return measure(ground, control, health);
                }
            }));
        }
        return results;
    }

    /** The parts of one run. */
    private record Plan(Duration before, Duration dry, Duration away, Duration back, Duration after) {
        Duration killAt() {
            return before.plus(dry);
        }

        Duration startAt() {
            return killAt().plus(away);
        }

        Duration stormEnd() {
            return startAt().plus(back);
        }

        Duration end() {
            return stormEnd().plus(after);
        }
    }

    private Result measure(Ground ground, Subject subject, HealthWatch health) {
        Account account = new Account(this, subject);
        Plan plan = new Plan(
                ground.seconds(4, 8, 20),
                ground.seconds(3, 5, 20),
                ground.seconds(5, 10, 60),
                ground.seconds(3, 5, 20),
                ground.seconds(8, 12, 20));
        Capacity capacity = Capacity.measure(subject, Mix.usual(ground.seed()), ground.seconds(3, 6, 10));
        Capacity.awaitCalm(subject);
        Schedule schedule = Schedule.poisson(capacity.times(1), plan.before(), ground.seed())
                .then(Schedule.poisson(capacity.times(STORM), plan.stormEnd().minus(plan.before()), ground.seed() + 1))
                .then(Schedule.poisson(capacity.times(1), plan.after(), ground.seed() + 2));
        Script script = Script.nothing()
                .at(plan.before(), () -> ground.say(name(), subject.name() + ": ten times the load, the pool is dry"))
                .at(plan.killAt(), () -> {
                    ground.say(name(), subject.name() + ": auth-db is killed");
                    ground.stack().parts().kill(Part.AUTH_DB);
                })
                .at(plan.startAt(), () -> {
                    ground.stack().parts().start(Part.AUTH_DB);
                    ground.say(name(), subject.name() + ": auth-db is back");
                })
                .at(plan.stormEnd(), () -> ground.say(name(), subject.name() + ": people calm down"));
        Leg leg = account.add(new Traffic(subject, health, Mix.panic(ground.seed())).run(schedule, script));
        subject.database(Rule.PASS);
        Capacity.awaitCalm(subject);
        double usual = leg.goodput(plan.before().dividedBy(4), plan.before());
        double storm = leg.goodput(plan.killAt(), plan.stormEnd());
        double share = usual == 0 ? 0 : storm / usual;
        ground.say(name(), "%s: good %.0f/s before, %.0f/s in the storm".formatted(subject.name(), usual, storm));
        return account.curve(capacity.peak(), List.of())
                .goodputShare(share)
                .finding(Finding.reaches("goodput in the storm, share of before", share, 0.9))
                .close(leg.recoveryMs(plan.end()));
    }
}
