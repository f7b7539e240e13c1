package dev.firebreak.starter.health;

/**
 * One thing that is wrong with this process, as a stable code: {@code trust.stale}, {@code pool.tasks.unreachable}.
 *
 * @param code feature first, like error codes
 */
public record HealthReason(String code, Severity severity) {
    /** What a reason means for traffic. */
    public enum Severity {
        /** Some requests fail; the process still serves others, so it stays in rotation (200). */
        DEGRADED,
        /** The process cannot serve anything: take it out of rotation (503). */
        DOWN
    }

    /** Keeps the process in rotation. */
    public static HealthReason degraded(String code) {
        return new HealthReason(code, Severity.DEGRADED);
    }

    /** Takes the process out of rotation. */
    public static HealthReason down(String code) {
        return new HealthReason(code, Severity.DOWN);
    }
}
