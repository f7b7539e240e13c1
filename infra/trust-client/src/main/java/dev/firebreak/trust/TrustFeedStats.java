package dev.firebreak.trust;

/**
 * Counts of one feed since it was made, for metrics.
 *
 * @param answers answers taken
 * @param failures questions without an answer that could be taken: no connection, time-out, wrong status, malformed
 * @param refused of the failures, those that were well-formed answers against the rules
 * @param earlyRefreshes early refreshes granted to verifiers
 * @param stateFailures times that the copy on disk could not be written
 */
public record TrustFeedStats(long answers, long failures, long refused, long earlyRefreshes, long stateFailures) {}
