package dev.firebreak.bench;

import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What was measured for one figure: all rounds of ours, and of the peer where there is one. */
record Outcome(Comparison comparison, Series ours, @Nullable Series peer) {
    /** A quiet machine stays below a tenth of it. */
    private static final double MOST_SPREAD = 0.25;
    /** Each measurement keeps one thread busy. Less than this of a processor means that others had it. */
    private static final double LEAST_CPU = 0.8;

    /** Ours by the peer's, round by round. */
    Optional<Quantiles> ratio(ToDoubleFunction<Sample> figure) {
        Series other = peer;
        return other == null
                ? Optional.empty()
                : Optional.of(Quantiles.of(IntStream.range(0, ours.rounds().size())
                        .mapToDouble(round -> figure.applyAsDouble(ours.rounds().get(round))
                                / figure.applyAsDouble(other.rounds().get(round)))));
    }

    /** Why nothing can be concluded, if so: the machine was too busy to tell. */
    Optional<String> invalid() {
        Optional<String> reason = invalid("ours", ours);
        return reason.isPresent() || peer == null ? reason : invalid("the peer", peer);
    }

    private static Optional<String> invalid(String whose, Series series) {
        if (series.spread() > MOST_SPREAD) {
            return Optional.of(
                    String.format(Locale.ROOT, "the rounds of %s differ by %.0f %%", whose, 100 * series.spread()));
        }
        double share = series.median(sample -> sample.cpuMicros() * 1e3 / sample.nanos());
        return share < LEAST_CPU
                ? Optional.of(String.format(Locale.ROOT, "%s had %.0f %% of a processor", whose, 100 * share))
                : Optional.empty();
    }
}
