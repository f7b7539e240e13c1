package dev.firebreak.drill.scenario;

import dev.firebreak.drill.fault.Rule;
import dev.firebreak.drill.load.ClosedLoop;
import dev.firebreak.drill.load.Outcome;
import dev.firebreak.drill.load.Schedule;
import dev.firebreak.drill.site.HealthWatch;
import dev.firebreak.drill.site.Subject;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Makes a subject pool-bound as product.md says, a pool of 4 and 15 ms of database time a call, and finds its peak. One
 * times the load is 60 % of it.
 *
 * @param peak good answers a second at most
 */
record Capacity(double peak) {
    static final Duration DATABASE_TIME = Duration.ofMillis(15);

    private static final double USUAL_SHARE = 0.6;

    /** Enough to keep every connection busy, few enough that nobody is refused: refusals would take the CPU. */
    private static final int CLIENTS = 2 * Subject.POOL_SIZE;

    /** About ten times the load. */
    private static final double STORM = 1_500;

    private static final int CALM_ANSWERS = 5;
    private static final Duration CALM = Duration.ofMillis(150);
    private static final Duration CALM_DEADLINE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(100);

    /** Lets the JVM compile what is hot, in a closed loop that overloads nobody. */
    static void warmUp(Subject subject, Duration length, long seed) {
        ClosedLoop.peak(CLIENTS, length, index -> Mix.panic(seed).fire(subject, index));
    }

    /** The same for what runs only in a storm: the ways of refusing. */
    static Leg warmUpShedding(Subject subject, HealthWatch health, Duration length, long seed) {
        subject.database(Rule.latency(DATABASE_TIME));
        Leg leg = new Traffic(subject, health, Mix.usual(seed))
                .run(Schedule.poisson(STORM, length, seed), Script.nothing());
        subject.database(Rule.PASS);
        return leg;
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

    /** Waits until nobody queues any more, so that one leg is not judged by what another left behind; at most a minute. */
    static void awaitCalm(Subject subject) {
        long end = System.nanoTime() + CALM_DEADLINE.toNanos();
        for (int calm = 0; calm < CALM_ANSWERS && System.nanoTime() - end < 0; ) {
            long start = System.nanoTime();
            boolean good = isGood(subject, calm);
            calm = good && System.nanoTime() - start < CALM.toNanos() ? calm + 1 : 0;
            if (calm == 0) {
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
    }

    private static boolean isGood(Subject subject, int visitor) {
        try {
            return subject.read(visitor) == Outcome.GOOD;
        } catch (IOException e) {
            return false;
        }
    }
}
