package dev.firebreak.drill.scenario;

import dev.firebreak.drill.load.Outcome;
import dev.firebreak.drill.load.Shots;
import java.time.Duration;

/**
 * One stretch of load and what was measured meanwhile.
 *
 * @param rate requests a second that were offered
 * @param shots what users saw
 * @param health what those saw who asked the health endpoints
 * @param cpu share of the whole machine in use
 * @param utilisation share of the pool's connections that waited for the database, on average
 * @param healedAt when the last step of the fault's script had ended, after the start; zero without a fault
 */
public record Leg(double rate, Shots shots, Shots health, double cpu, double utilisation, Duration healedAt) {
    /** Past these a run says nothing about promises of time (product.md). */
    static final double MOST_LATE = 0.05;

    static final double MOST_CPU = 0.85;

    private static final Duration WINDOW = Duration.ofSeconds(1);
    private static final Duration STEP = Duration.ofMillis(100);
    private static final double WHOLE_AGAIN = 0.98;

    /** Why this leg is invalid; empty when it is not. */
    public String invalid() {
        double late = shots.lateShare();
        if (late > MOST_LATE) {
            return "the generator was late for " + Math.round(late * 100) + " % of requests";
        }
        return cpu > MOST_CPU ? "CPU-bound: " + Math.round(cpu * 100) + " % in use" : "";
    }

    public boolean isValid() {
        return invalid().isEmpty();
    }

    /** Good answers a second that arrived in this part of the leg. */
    public double goodput(Duration from, Duration to) {
        return shots.goodArrivals(from, to) / (to.minus(from).toMillis() / 1e3);
    }

    /**
     * From the end of the fault to the moment from which on, for a second, 98 % of requests are good again; in
     * milliseconds, -1 when that never came.
     */
    public long recoveryMs(Duration end) {
        for (Duration from = healedAt; from.plus(WINDOW).compareTo(end) <= 0; from = from.plus(STEP)) {
            Shots window = shots.between(from, from.plus(WINDOW));
            if (window.count() > 0 && window.count(Outcome.GOOD) >= WHOLE_AGAIN * window.count()) {
                return from.minus(healedAt).toMillis();
            }
        }
        return -1;
    }
}
