package dev.firebreak.drill.scenario;

import dev.firebreak.drill.fault.Rule;
import dev.firebreak.drill.load.Outcome;
import dev.firebreak.drill.load.Schedule;
import dev.firebreak.drill.site.ControlApplication;
import dev.firebreak.drill.site.HealthWatch;
import dev.firebreak.drill.site.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Ten times the load, pool-bound: goodput must stay where it was and the rest be told at once. */
final class Overload implements Scenario {
    private static final List<Integer> ENDS = List.of(1, 10);
    private static final List<Integer> CURVE = List.of(1, 2, 5, 10);

    private static final Duration SETTLED = Subject.PATIENCE.plusSeconds(1);

    @Override
    public String name() {
        return "overload";
    }

    @Override
    public String broken() {
        return "10x load on a pool of 4, 15 ms database time a call";
    }

    @Override
    public List<Result> run(Ground ground) {
        List<Result> results = new ArrayList<>();
        try (HealthWatch health = ground.health()) {
            results.add(measure(ground, ground.firebreak(), health));
            try (ControlApplication control = ground.control()) {
                results.add(measure(ground, control, health));
            }
        }
        return results;
    }

    private Result measure(Ground ground, Subject subject, HealthWatch health) {
        Account account = new Account(this, subject);
        Mix mix = Mix.usual(ground.seed());
        Capacity capacity = Capacity.measure(subject, mix, ground.seconds(4, 8, 15));
        ground.say(name(), "%s: peak %.0f/s".formatted(subject.name(), capacity.peak()));
        Traffic traffic = new Traffic(subject, health, mix);
        List<Point> curve = new ArrayList<>();
        for (int multiple : ground.scale().pick(ENDS, CURVE, CURVE)) {
            curve.add(step(multiple, ground, traffic, capacity, account));
        }
        Duration after = ground.seconds(4, 6, 10);
        Leg calm =
                account.add(traffic.run(Schedule.poisson(capacity.times(1), after, ground.seed()), Script.nothing()));
        subject.database(Rule.PASS);
        Capacity.awaitCalm(subject);
        Point usual = curve.getFirst();
        Point most = curve.getLast();
        return account.curve(capacity.peak(), curve)
                .goodputShare(usual.goodput() == 0 ? 0 : most.goodput() / usual.goodput())
                .finding(Finding.atLeast(
                        "shed, or it was no overload", account.observed().shed(), 1))
                .finding(Finding.reaches("goodput at 10x, share of peak", most.ofPeak(), 0.9))
                .finding(Finding.below("shed answers at 10x, p99 ms", most.shedP99(), 10))
                .finding(Finding.below("pool utilisation at 1x", usual.utilisation(), 0.7))
                .close(calm.recoveryMs(after));
    }

    private Point step(int multiple, Ground ground, Traffic traffic, Capacity capacity, Account account) {
        Duration length = ground.seconds(10, 15, 30);
        Schedule schedule = Schedule.poisson(capacity.times(multiple), length, ground.seed() + multiple);
        Leg leg = account.add(ground.untilValid(name(), ground.repeatsOf(traffic.subject()), () -> {
            Capacity.awaitCalm(traffic.subject());
            return traffic.run(schedule, Script.nothing());
        }));
        Point point = point(multiple, leg, capacity, length);
        ground.say(name(), traffic.subject().name() + ": " + point.text());
        return point;
    }

    /** What comes before the queues are full and the first callers have given up is not counted, here as there. */
    private static Point point(int multiple, Leg leg, Capacity capacity, Duration length) {
        double goodput = leg.goodput(SETTLED, length);
        return new Point(
                multiple,
                leg.rate(),
                goodput,
                goodput / capacity.peak(),
                leg.shots().latencyMs(Outcome.GOOD::equals, 99),
                leg.shots().latencyMs(Outcome.SHED::equals, 99),
                leg.cpu(),
                leg.utilisation());
    }
}
