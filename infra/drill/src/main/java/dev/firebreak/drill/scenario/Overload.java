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
    private static final List<Integer> MULTIPLES = List.of(1, 2, 5, 10);

    @Override
    public String name() {
        return "overload";
    }

    @Override
    public String broken() {
        return "10x load, pool of 4, 15 ms database";
    }

    @Override
    public List<Result> run(Ground ground) {
        List<Result> results = new ArrayList<>();
        try (HealthWatch health = ground.health()) {
            ground.say(name(), "warming up");
            Capacity.warmUp(ground.firebreak(), health, ground.seconds(6, 16, 20), ground.seed());
            results.add(measure(ground, ground.firebreak(), health));
            ground.firebreak().database(Rule.PASS);
            results.add(control(ground, health));
        }
        return results;
    }

    private Result control(Ground ground, HealthWatch health) {
        try (ControlApplication control = ground.control()) {
            ground.say(name(), "the same at the control");
            Capacity.warmUp(control, health, ground.seconds(3, 6, 6), ground.seed());
            return measure(ground, control, health);
        }
    }

    private Result measure(Ground ground, Subject subject, HealthWatch health) {
        long begin = System.nanoTime();
        Mix mix = Mix.usual(ground.seed());
        Capacity capacity = Capacity.measure(subject, mix, ground.seconds(4, 8, 15));
        ground.say(name(), "%s: peak %.0f/s".formatted(subject.name(), capacity.peak()));
        Traffic traffic = new Traffic(subject, health, mix);
        List<Leg> legs = new ArrayList<>();
        List<Point> curve = new ArrayList<>();
        Duration length = ground.seconds(6, 12, 30);
        for (int multiple : MULTIPLES) {
            Schedule schedule = Schedule.poisson(capacity.times(multiple), length, ground.seed() + multiple);
            Leg leg = ground.untilValid(name(), () -> traffic.run(schedule, Script.nothing()));
            legs.add(leg);
            Point point = point(multiple, leg, capacity, length);
            curve.add(point);
            ground.say(
                    name(),
                    "%s: %dx = %.0f/s, %.0f/s good, shed p99 %.1f ms, CPU %.0f %%"
                            .formatted(
                                    subject.name(),
                                    multiple,
                                    leg.rate(),
                                    point.goodput(),
                                    point.shedP99(),
                                    leg.cpu() * 100));
        }
        Duration after = ground.seconds(4, 6, 10);
        Leg calm = traffic.run(Schedule.poisson(capacity.times(1), after, ground.seed()), Script.nothing());
        legs.add(calm);
        subject.database(Rule.PASS);
        return result(
                subject, legs, curve, capacity, calm.recoveryMs(after), Duration.ofNanos(System.nanoTime() - begin));
    }

    /** The first third of a leg is not counted: queues fill in it, here as there. */
    private static Point point(int multiple, Leg leg, Capacity capacity, Duration length) {
        double goodput = leg.goodput(length.dividedBy(3), length);
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

    private Result result(
            Subject subject, List<Leg> legs, List<Point> curve, Capacity capacity, long recovery, Duration took) {
        Observed observed = Observed.of(legs);
        int lostSessions = subject.lostSessions();
        int lostWrites = subject.lostWrites();
        Point usual = curve.getFirst();
        Point most = curve.getLast();
        List<Finding> findings = new ArrayList<>(Promises.always(observed, lostSessions, lostWrites));
        findings.add(Finding.reaches("goodput at 10x, share of peak", most.ofPeak(), 0.9));
        findings.add(Finding.below("shed answers at 10x, p99 ms", most.shedP99(), 10));
        findings.add(Finding.below("pool utilisation at 1x", usual.utilisation(), 0.7));
        findings.addAll(Promises.timed(observed, recovery));
        String invalid = legs.stream()
                .map(Leg::invalid)
                .filter(reason -> !reason.isEmpty())
                .findFirst()
                .orElse("");
        return new Result(
                name(),
                subject.name(),
                broken(),
                took,
                observed,
                lostSessions,
                lostWrites,
                recovery,
                capacity.peak(),
                curve,
                findings,
                Result.judge(findings, invalid),
                invalid);
    }
}
