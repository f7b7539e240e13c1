package dev.firebreak.bench;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Least, quartiles and greatest of a few figures. One bad round in five moves only the outer two. */
record Quantiles(double least, double lower, double median, double upper, double greatest) {
    static Quantiles of(DoubleStream figures) {
        double[] sorted = figures.toArray();
        Arrays.sort(sorted);
        return new Quantiles(sorted[0], at(sorted, 0.25), at(sorted, 0.5), at(sorted, 0.75), sorted[sorted.length - 1]);
    }

    /** Between the quartiles, as a share of the median. */
    double spread() {
        return (upper - lower) / median;
    }

    private static double at(double[] sorted, double quantile) {
        double rank = quantile * (sorted.length - 1);
        int below = (int) rank;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
    }
}
