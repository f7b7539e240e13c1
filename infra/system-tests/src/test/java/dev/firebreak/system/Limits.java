package dev.firebreak.system;

import java.time.Duration;

/** Bounds that several tests hold answers against. */
final class Limits {
    /**
     * The promise is 50 ms at p99 on the sizing guide's load; here all clients and all parts share two cores, and the
     * measured figure stands in the report, so that the bound need not be tight to be useful.
     */
    static final Duration FAST = Duration.ofMillis(250);

    /** Longest wait for an answer while something behind it is away (issue: "503 with Retry-After within 5 s"). */
    static final Duration OUTAGE_ANSWER = Duration.ofSeconds(5);

    private Limits() {}
}
