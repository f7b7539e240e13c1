package dev.firebreak.bench;

/**
 * What one round measured, an operation.
 *
 * @param nanos time
 * @param cpuMicros CPU time of the process
 * @param bytes allocated
 */
record Sample(double nanos, double cpuMicros, double bytes) {
    /** Operations a second of one thread. */
    double rps() {
        return 1e9 / nanos;
    }
}
