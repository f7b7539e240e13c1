package dev.firebreak.drill.scenario;

import dev.firebreak.drill.fault.Rule;
import dev.firebreak.drill.load.ClosedLoop;
import dev.firebreak.drill.load.Generator;
import dev.firebreak.drill.load.Schedule;
import dev.firebreak.drill.site.HealthWatch;
import dev.firebreak.drill.site.Subject;
import java.time.Duration;

/**
 * Makes a subject pool-bound as product.md says, a pool of 4 and 15 ms of database time a call, and finds its peak. One
 * times the load is 60 % of it.
 *
 * @param peak good answers a second at most
 */
record Capacity(double peak) {
    static final Duration DATABASE_TIME = Duration.ofMillis(15);

    private static final double USUAL_SHARE = 0.6;

    /** Enough to keep every connection busy, few enough to keep nobody waiting long. */
    private static final int CLIENTS = 3 * Subject.POOL_SIZE;

    /** Lets the JVMs compile what is hot, shedding included; without it the first minutes measure the compiler. */
    static void warmUp(Subject subject, HealthWatch health, Duration length, long seed) {
        Generator.Target target = index -> Mix.panic(seed).fire(subject, index);
        ClosedLoop.peak(CLIENTS, length.dividedBy(2), target);
        subject.database(Rule.latency(DATABASE_TIME));
        new Traffic(subject, health, Mix.usual(seed))
                .run(Schedule.poisson(1_500, length.dividedBy(2), seed), Script.nothing());
        subject.database(Rule.PASS);
    }

    /** Leaves the latency on. */
    static Capacity measure(Subject subject, Mix mix, Duration length) {
        subject.database(Rule.latency(DATABASE_TIME));
        return new Capacity(ClosedLoop.peak(CLIENTS, length, index -> mix.fire(subject, index)));
    }

    /** Requests a second at so many times the sizing guide's load. */
    double times(int multiple) {
        return peak * USUAL_SHARE * multiple;
    }
}
