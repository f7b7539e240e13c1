package dev.firebreak.starter.gate;

/** Why the gate gave no permit. */
public enum Refusal implements Admission {
    /** No connection is free and there is no place to wait, or it was taken back. */
    FULL,
    /** None became free in the time given. */
    TIMED_OUT,
    /** The gate is shut: the database is away. */
    SHUT,
    /** The thread was interrupted while it waited; its flag is set again. */
    INTERRUPTED
}
