package dev.firebreak.drill.scenario;

import dev.firebreak.drill.site.Subject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Adds up what a scenario did to one subject. Asked when everything is whole again. */
final class Account {
    private final Scenario scenario;
    private final Subject subject;
    private final long begin = System.nanoTime();
    private final List<Leg> legs = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private List<Point> curve = List.of();
    private double peak;
    private double goodputShare = 1;

    Account(Scenario scenario, Subject subject) {
        this.scenario = scenario;
        this.subject = subject;
    }

    Leg add(Leg leg) {
        legs.add(leg);
        return leg;
    }

    Account curve(double measuredPeak, List<Point> points) {
        peak = measuredPeak;
        curve = points;
        return this;
    }

    /** @param share goodput under the fault as a share of that at one times the load */
    Account goodputShare(double share) {
        goodputShare = share;
        return this;
    }

    Account finding(Finding finding) {
        findings.add(finding);
        return this;
    }

    Observed observed() {
        return Observed.of(legs);
    }

    Result close(long recoveryMs) {
        Observed observed = observed();
        int lostSessions = subject.lostSessions();
        int lostWrites = subject.lostWrites();
        List<Finding> all = new ArrayList<>(Promises.always(observed, subject, lostSessions, lostWrites));
        all.addAll(findings);
        all.addAll(Promises.timed(observed, recoveryMs));
        String invalid = legs.stream()
                .map(Leg::invalid)
                .filter(reason -> !reason.isEmpty())
                .findFirst()
                .orElse("");
        return new Result(
                scenario.name(),
                subject.name(),
                scenario.broken(),
                Duration.ofNanos(System.nanoTime() - begin),
                observed,
                lostSessions,
                lostWrites,
                recoveryMs,
                peak,
                goodputShare,
                curve,
                all,
                Result.judge(all, invalid),
                invalid);
    }
}
