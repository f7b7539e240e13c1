package dev.firebreak.drill.scenario;

import java.time.Duration;
import java.util.List;

/**
 * One scenario on one subject.
 *
 * @param broken what was broken, in words
 * @param recoveryMs from the end of the fault until users were well again; -1 when that never came
 * @param peak good answers a second at most; 0 when it was not measured
 * @param goodputShare goodput under the fault as a share of that at one times the load; 1 where it was not measured
 * @param curve goodput against offered load, where it was measured
 * @param reason why the run is invalid or did not take place; else empty
 */
public record Result(
        String name,
        String subject,
        String broken,
        Duration took,
        Observed observed,
        int lostSessions,
        int lostWrites,
        long recoveryMs,
        double peak,
        double goodputShare,
        List<Point> curve,
        List<Finding> findings,
        Verdict verdict,
        String reason) {
    private static final double COLLAPSE = 0.5;

    public Result {
        curve = List.copyOf(curve);
        findings = List.copyOf(findings);
    }

    /** Whether it fell apart: most of what it could do before it could not do any more. */
    public boolean collapsed() {
        return goodputShare < COLLAPSE;
    }

    /** Whether this is the control's. */
    public boolean isControl() {
        return subject.equals("control");
    }

    /** A scenario for which something is missing. */
    public static Result notRun(String name, String broken, String reason) {
        return new Result(
                name,
                "firebreak",
                broken,
                Duration.ZERO,
                Observed.of(List.of()),
                0,
                0,
                0,
                0,
                1,
                List.of(),
                List.of(),
                Verdict.NOT_RUN,
                reason);
    }

    /**
     * A wrong 401 is one however busy the machine was; a promise of time is judged in a valid run only.
     *
     * @param invalid why the run is invalid; empty when it is not
     */
    static Verdict judge(List<Finding> findings, String invalid) {
        if (findings.stream().anyMatch(finding -> !finding.timed() && !finding.held())) {
            return Verdict.FAIL;
        }
        if (!invalid.isEmpty()) {
            return Verdict.INVALID;
        }
        return findings.stream().allMatch(Finding::held) ? Verdict.PASS : Verdict.FAIL;
    }
}
