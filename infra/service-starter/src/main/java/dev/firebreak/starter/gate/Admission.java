package dev.firebreak.starter.gate;

/** The gate's answer: a permit or why not. */
public sealed interface Admission permits Permit, Refusal {}
