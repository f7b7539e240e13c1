package dev.firebreak.drill.scenario;

import dev.firebreak.drill.load.Outcome;
import dev.firebreak.drill.load.Shots;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.HdrHistogram.Histogram;

/**
 * What users saw over all legs of a scenario; times in milliseconds from the scheduled moment.
 *
 * @param unavailable 503 that says when to come back, because something behind is away
 * @param failed other answers, broken connections, answers that came too late, requests that were not sent
 * @param unhealthy probes of health endpoints that were not answered 200
 */
public record Observed(
        int requests,
        int good,
        int shed,
        int unavailable,
        int wrong401,
        int failed,
        double p50,
        double p99,
        double shedP50,
        double shedP99,
        double healthP99,
        int unhealthy,
        double mostCpu,
        double mostLate) {
    private static final Predicate<Outcome> SHED = Outcome.SHED::equals;
    private static final Predicate<Outcome> GOOD = Outcome.GOOD::equals;

    static Observed of(List<Leg> legs) {
        List<Shots> shots = legs.stream().map(Leg::shots).toList();
        List<Shots> health = legs.stream().map(Leg::health).toList();
        int requests = shots.stream().mapToInt(Shots::count).sum();
        int good = count(shots, Outcome.GOOD);
        int shed = count(shots, Outcome.SHED);
        int unavailable = count(shots, Outcome.UNAVAILABLE);
        int wrong401 = count(shots, Outcome.WRONG_401);
        return new Observed(
                requests,
                good,
                shed,
                unavailable,
                wrong401,
                requests - good - shed - unavailable - wrong401,
                percentile(shots, GOOD, 50),
                percentile(shots, GOOD, 99),
                percentile(shots, SHED, 50),
                percentile(shots, SHED, 99),
                // A probe without an answer is as slow as its patience.
                percentile(health, _ -> true, 99),
                health.stream().mapToInt(Shots::count).sum() - count(health, Outcome.GOOD),
                legs.stream().mapToDouble(Leg::cpu).max().orElse(0),
                shots.stream().mapToDouble(Shots::lateShare).max().orElse(0));
    }

    private static int count(List<Shots> shots, Outcome outcome) {
        return shots.stream().mapToInt(part -> part.count(outcome)).sum();
    }

    private static double percentile(List<Shots> shots, Predicate<Outcome> wanted, double percentile) {
        List<Histogram> parts = new ArrayList<>();
        shots.forEach(part -> parts.add(part.latency(wanted)));
        if (parts.isEmpty()) {
            return 0;
        }
        Histogram all = parts.getFirst();
        parts.subList(1, parts.size()).forEach(all::add);
        return all.getTotalCount() == 0 ? 0 : all.getValueAtPercentile(percentile) / 1e3;
    }
}
