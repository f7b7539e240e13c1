package dev.firebreak.drill.scenario;

import java.util.Locale;

/** How a scenario ended. */
public enum Verdict {
    PASS,
    FAIL,
    /** The generator was late or the machine busy: what was measured says nothing about promises of time. */
    INVALID,
    /** Something that it needs is missing on this machine. */
    NOT_RUN;

    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
}
