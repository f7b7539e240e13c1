package dev.firebreak.bench;

import java.time.Duration;

/**
 * How much is measured.
 *
 * @param rounds in each of which everything is measured once, so that ours and its peer alternate
 * @param forks JVMs a measurement; 0 = in this one, which tells nothing but that it runs
 * @param warmUps iterations that do not count
 * @param iterations those that do; the median of their times counts
 * @param each length of an iteration
 */
record Effort(int rounds, int forks, int warmUps, int iterations, Duration each) {
    /**
     * Five rounds, each in a fresh JVM: where the compiler's choices and the memory's layout differ between JVMs, the rounds
     * show it. The hot loops here are compiled within the first second.
     */
    static final Effort USUAL = new Effort(5, 1, 4, 5, Duration.ofMillis(300));
}
