package dev.firebreak.starter;

/** Where a process runs, as far as it matters to what it may do. */
public enum Profile {
    /** A developer's machine: plain http on localhost, readable logs, demo accounts. */
    LOCAL,
    /** Anything that others use. */
    PRODUCTION
}
