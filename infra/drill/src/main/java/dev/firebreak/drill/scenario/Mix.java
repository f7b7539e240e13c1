package dev.firebreak.drill.scenario;

import dev.firebreak.drill.load.Outcome;
import dev.firebreak.drill.site.Subject;
import java.io.IOException;
import java.util.SplittableRandom;

/**
 * What visitors do: shares of reads, writes and whole page loads, drawn per request from the seed.
 *
 * @param writes share of requests that add a task, 0 to 1
 * @param reloads share that load the page anew
 */
record Mix(double writes, double reloads, long seed) {
    /** Mostly reading, as people with a list of tasks do. */
    static Mix usual(long seed) {
        return new Mix(0.04, 0.04, seed);
    }

    /** Only the one statement of a list: what "database time a call" is counted in. */
    static Mix reads(long seed) {
        return new Mix(0, 0, seed);
    }

    /** Everybody presses reload. */
    static Mix panic(long seed) {
        return new Mix(0.04, 0.4, seed);
    }

    Outcome fire(Subject subject, int index) throws IOException {
        double drawn = new SplittableRandom(seed * 31 + index).nextDouble();
        if (drawn < writes) {
            return subject.write(index);
        }
        return drawn < writes + reloads ? subject.reload(index) : subject.read(index);
    }
}
