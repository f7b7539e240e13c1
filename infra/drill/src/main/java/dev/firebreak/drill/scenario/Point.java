package dev.firebreak.drill.scenario;

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
        double utilisation) {}
