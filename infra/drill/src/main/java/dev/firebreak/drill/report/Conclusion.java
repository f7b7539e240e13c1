package dev.firebreak.drill.report;

import dev.firebreak.drill.scenario.Result;
import dev.firebreak.drill.scenario.Verdict;
import java.util.List;

/** What a whole run comes to. */
public enum Conclusion {
    PASS(0),
    FAIL(1),
    /** Nothing was proved: a busy machine, a missing program, or a control that withstood what was meant to break it. */
    INVALID(3);

    private final int status;

    Conclusion(int status) {
        this.status = status;
    }

    /** Exit status of the command (contracts, "The front door"). */
    public int status() {
        return status;
    }

    public static Conclusion of(List<Result> results) {
        if (results.stream().anyMatch(result -> !result.isControl() && result.verdict() == Verdict.FAIL)) {
            return FAIL;
        }
        boolean invalid = results.stream()
                .anyMatch(result -> result.verdict() == Verdict.INVALID || result.verdict() == Verdict.NOT_RUN);
        boolean controlHeld = results.stream().anyMatch(result -> result.isControl() && !result.collapsed());
        return invalid || controlHeld ? INVALID : PASS;
    }
}
