package dev.firebreak.drill.scenario;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** What is done to the stack while load goes on, one step after the other, each not before its time. */
final class Script {
    private record Step(Duration at, Runnable action) {}

    private final List<Step> steps = new ArrayList<>();

    static Script nothing() {
        return new Script();
    }

    /** @param at not before this, after the start of the load */
    Script at(Duration at, Runnable action) {
        steps.add(new Step(at, action));
        return this;
    }

    /** Runs it on the calling thread; returns when the last step had ended, after the start. */
    Duration play(long start) {
        if (steps.isEmpty()) {
            return Duration.ZERO;
        }
        for (Step step : steps) {
            long due = start + step.at().toNanos();
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            step.action().run();
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
