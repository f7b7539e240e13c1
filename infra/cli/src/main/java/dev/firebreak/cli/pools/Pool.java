package dev.firebreak.cli.pools;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * One pool as its service sees it. No number is negative; what the service did not say is empty.
 *
 * @param utilisation share of the connections in use, 0 to 1
 * @param emptyShare share of the acquisitions that found no idle connection, 0 to 1
 * @param churnPerS connections opened a second
 * @param verdict {@code ok}, or what is wrong
 * @param problem why connections cannot be opened
 */
record Pool(
        String name,
        int size,
        int open,
        int active,
        int idle,
        int waiting,
        OptionalDouble utilisation,
        OptionalDouble emptyShare,
        OptionalDouble meanWaitMs,
        OptionalDouble churnPerS,
        String verdict,
        List<Lane> lanes,
        Optional<Problem> problem) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

    record Lane(String name, int waiting) {}

    /**
     * @param state SQLSTATE
     * @param since when it began
     */
    record Problem(String state, String message, Optional<Instant> since) {}

    Pool {
        lanes = List.copyOf(lanes);
    }

    boolean isOk() {
        return problem.isEmpty() && verdict.equals("ok");
    }

    /** The verdict for people: what was asked for, what there is, and the database's own words for why. */
    String words(ZoneId zone) {
        return problem.map(it -> "configured %d, open %d: %s%s%s"
                        .formatted(
                                size,
                                open,
                                it.message(),
                                it.state().isEmpty() ? "" : " (" + it.state() + ")",
                                it.since()
                                        .map(instant -> ", since " + TIME.format(instant.atZone(zone)))
                                        .orElse("")))
                .orElse(verdict);
    }
}
