package dev.firebreak.drill.scenario;

import java.util.Locale;

/**
 * One point of the curve of goodput against offered load.
 *
 * @param multiple of the sizing guide's load: 1, 2, 5, 10
 * @param offered requests a second
 * @param goodput good answers a second, once things have settled
 * @param ofPeak goodput as a share of the measured peak
 */
public record Point(
        int multiple,
        double offered,
        double goodput,
        double ofPeak,
        double p99,
        double shedP99,
        double cpu,
        double utilisation) {
    String text() {
        return String.format(
                Locale.ROOT,
                "%2dx %5.0f/s, good %4.0f/s = %3.0f %% of peak, p99 %.0f, shed p99 %.1f ms, CPU %.0f %%",
                multiple,
                offered,
                goodput,
                ofPeak * 100,
                p99,
                shedP99,
                cpu * 100);
    }
}
