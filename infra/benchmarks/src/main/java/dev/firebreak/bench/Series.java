package dev.firebreak.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** What all rounds measured of one thing, in their order. */
record Series(List<Sample> rounds) {
    Series {
        rounds = List.copyOf(rounds);
    }

    double median(ToDoubleFunction<Sample> figure) {
        return Quantiles.of(rounds.stream().mapToDouble(figure)).median();
    }

    /** How far apart the middle half of the rounds lies, as a share of the median time. */
    double spread() {
        return Quantiles.of(rounds.stream().mapToDouble(Sample::nanos)).spread();
    }
}
