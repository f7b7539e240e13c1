package dev.firebreak.drill.fault;

import java.time.Duration;

/**
 * What happens to traffic from now on.
 *
 * @param latency how much later each piece of a server's answer arrives
 * @param jitter up to so much more, evenly spread
 * @param bytesPerSecond of each connection's answers; 0 = as fast as it comes
 */
public record Rule(Mode mode, Duration latency, Duration jitter, long bytesPerSecond) {
    /** How traffic fails. */
    public enum Mode {
        /** Everything passes. */
        PASS,
        /** Connections are reset, new ones too. */
        RESET,
        /** Connections are accepted and kept; nothing passes in either direction. */
        BLACKHOLE,
        /** Requests pass, answers do not: a route that works one way only. */
        HALF_OPEN
    }

    public static final Rule PASS = new Rule(Mode.PASS, Duration.ZERO, Duration.ZERO, 0);
    public static final Rule RESET = new Rule(Mode.RESET, Duration.ZERO, Duration.ZERO, 0);
    public static final Rule BLACKHOLE = new Rule(Mode.BLACKHOLE, Duration.ZERO, Duration.ZERO, 0);
    public static final Rule HALF_OPEN = new Rule(Mode.HALF_OPEN, Duration.ZERO, Duration.ZERO, 0);

    /** Answers arrive this much later. */
    public static Rule latency(Duration latency) {
        return new Rule(Mode.PASS, latency, Duration.ZERO, 0);
    }

    public Rule jitter(Duration spread) {
        return new Rule(mode, latency, spread, bytesPerSecond);
    }

    public Rule bandwidth(long bytes) {
        return new Rule(mode, latency, jitter, bytes);
    }
}
