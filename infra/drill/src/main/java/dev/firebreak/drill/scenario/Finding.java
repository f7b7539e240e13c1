package dev.firebreak.drill.scenario;

import java.util.Locale;

/**
 * One promise and what became of it.
 *
 * @param limit what product.md says, in words
 * @param timed whether it is a promise of time or rate, which an invalid run can neither keep nor break
 */
public record Finding(String name, double measured, String limit, boolean held, boolean timed) {
    /** Must not happen at all, however busy the machine is. */
    static Finding none(String name, int measured) {
        return new Finding(name, measured, "0", measured == 0, false);
    }

    /** Must not happen in a valid run: a machine that is too busy cannot tell. */
    static Finding noneInTime(String name, int measured) {
        return new Finding(name, measured, "0", measured == 0, true);
    }

    /** Told, and without a limit. */
    static Finding figure(String name, double measured) {
        return new Finding(name, measured, "no limit", true, false);
    }

    /** Must have happened at least so often, or the run proves nothing. */
    static Finding atLeast(String name, double measured, double least) {
        return new Finding(name, measured, ">= " + number(least), measured >= least, false);
    }

    /** A figure of speed that must stay below. */
    static Finding below(String name, double measured, double limit) {
        return new Finding(name, measured, "< " + number(limit), measured < limit, true);
    }

    /** A figure of speed that must be reached. */
    static Finding reaches(String name, double measured, double least) {
        return new Finding(name, measured, ">= " + number(least), measured >= least, true);
    }

    /** For instance {@code goodput at 10x, share of peak: 0.97 (>= 0.9)}. */
    public String text() {
        return name + ": " + number(measured) + " (" + limit + ")";
    }

    static String number(double value) {
        return value == Math.rint(value) || Math.abs(value) >= 100
                ? String.format(Locale.ROOT, "%.0f", value)
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
