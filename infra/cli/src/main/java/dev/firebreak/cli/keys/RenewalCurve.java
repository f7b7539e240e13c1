package dev.firebreak.cli.keys;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * Sessions that get a token of the new key after an emergency, as bars below each other: one for each point that is new
 * and not the same as the one before. Ends when all are renewed or five minutes have passed.
 */
public final class RenewalCurve {
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Duration EVERY = Duration.ofSeconds(1);

    /** Until every verifier must have heard of it, "nothing to renew" may mean "not counted yet". */
    private static final Duration HEARD = Duration.ofSeconds(5);

    private static final int BAR = 58;

    /** 0.58 * 100 is a little less than 58. Otherwise rounded down: 99.9 % is not all. */
    private static final double ROUNDING = 1e-6;

    private final InstantSource clock;
    private final Pause pause;
    private long shownMs = -1;
    private double shownShare = -1;

    /** Waits between two looks. */
    @FunctionalInterface
    public interface Pause {
        void of(Duration time) throws InterruptedException;
    }

    public RenewalCurve(InstantSource clock, Pause pause) {
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * @param ask {@code GET keys/renewal}; empty while the server is too busy to say
     * @param each hears of each document, also of those that bring nothing new
     * @return the last document; empty when the server was too busy all the time
     */
    public Optional<JsonNode> follow(Supplier<Optional<JsonNode>> ask, Consumer<JsonNode> each)
            throws InterruptedException {
        Instant begin = clock.instant();
        Optional<JsonNode> last = Optional.empty();
        while (true) {
            Optional<JsonNode> renewal = ask.get();
            renewal.ifPresent(each);
            last = renewal.isPresent() ? renewal : last;
            Duration passed = Duration.between(begin, clock.instant());
            if (renewal.filter(document -> isDone(document, passed)).isPresent() || passed.compareTo(LONGEST) >= 0) {
                return last;
            }
            pause.of(EVERY);
        }
    }

    private static boolean isDone(JsonNode renewal, Duration passed) {
        return isComplete(renewal) && (toRenew(renewal) > 0 || passed.compareTo(HEARD) >= 0);
    }

    /** The bars that are new. */
    public List<String> bars(JsonNode renewal) {
        List<String> lines = new ArrayList<>();
        for (JsonNode point : renewal.path("points")) {
            long at = point.path("at_ms").asLong(0);
            double share = Math.clamp(point.path("share").asDouble(0), 0, 1);
            if (at <= shownMs) {
                continue;
            }
            shownMs = at;
            if (share != shownShare) {
                shownShare = share;
                lines.add(bar(at, share));
            }
        }
        return lines;
    }

    private static String bar(long ms, double share) {
        int marks = (int) Math.round(share * BAR);
        return String.format(
                Locale.ROOT, "%7.1f s  [%s%s]  %3d %%", ms / 1e3, "#".repeat(marks), ".".repeat(BAR - marks), (int)
                        Math.floor(share * 100 + ROUNDING));
    }

    /** How it ended. */
    public static List<String> conclusion(Optional<JsonNode> last) {
        return last.map(RenewalCurve::conclusion)
                .orElseGet(() -> List.of("The server was too busy to say how many sessions are renewed."));
    }

    private static List<String> conclusion(JsonNode renewal) {
        long all = toRenew(renewal);
        if (!isComplete(renewal)) {
            return Lines.wrapped(
                    "",
                    renewed(renewal) + " of " + all + " sessions are renewed after " + Times.words(LONGEST)
                            + "; each of the others is with its next request.");
        }
        return List.of(all == 0 ? "No session had to be renewed." : "All sessions are renewed: " + all + ".");
    }

    private static boolean isComplete(JsonNode renewal) {
        return renewed(renewal) >= toRenew(renewal);
    }

    private static long toRenew(JsonNode renewal) {
        return renewal.path("sessions").path("to_renew").asLong(0);
    }

    private static long renewed(JsonNode renewal) {
        return renewal.path("sessions").path("renewed").asLong(0);
    }
}
