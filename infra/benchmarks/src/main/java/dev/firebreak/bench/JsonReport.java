package dev.firebreak.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code bench --json}: medians of the rounds, the raw rounds in their order, and ours by the peer's. Times in nanoseconds an
 * operation, {@code rps} in operations a second of one thread.
 */
final class JsonReport {
    private static final JsonMapper JSON = new JsonMapper();

    private JsonReport() {}

    static String of(List<Outcome> outcomes, Machine machine) {
        ObjectNode root = JSON.createObjectNode();
        root.putObject("machine")
                .put("cores", machine.cores())
                .put("processor", machine.processor())
                .put("java", machine.java());
        ArrayNode benchmarks = root.putArray("benchmarks");
        ObjectNode figures = root.putObject("figures");
        for (Outcome outcome : outcomes) {
            if (outcome.peer() == null) {
                figures.put(
                        outcome.comparison().name() + "_ns",
                        round(outcome.ours().median(Sample::nanos)));
            }
            write(outcome, benchmarks.addObject());
        }
        return root.toString();
    }

    private static void write(Outcome outcome, ObjectNode node) {
        node.put("name", outcome.comparison().name())
                .put("verdict", outcome.invalid().isPresent() ? "invalid" : "valid")
                .put("reason", outcome.invalid().orElse(""))
                .put("rounds", outcome.ours().rounds().size());
        write(outcome.ours(), node.putObject("ours"));
        Comparison.Peer peer = outcome.comparison().peer();
        if (peer != null && outcome.peer() != null) {
            write(
                    outcome.peer(),
                    node.putObject("peer").put("name", peer.name()).put("version", peer.version()));
            ObjectNode ratio = node.putObject("ratio");
            write(outcome, Sample::rps, ratio.putObject("rps"));
            write(outcome, Sample::cpuMicros, ratio.putObject("cpu_us"));
        }
    }

    private static void write(Outcome outcome, ToDoubleFunction<Sample> figure, ObjectNode node) {
        outcome.ratio(figure)
                .ifPresent(ratio -> node.put("median", round(ratio.median()))
                        .put("least", round(ratio.least()))
                        .put("greatest", round(ratio.greatest())));
    }

    private static void write(Series series, ObjectNode node) {
        node.put("rps", Math.round(series.median(Sample::rps)))
                .put("cpu_us", round(series.median(Sample::cpuMicros)))
                .put("ns", round(series.median(Sample::nanos)))
                .put("alloc_bytes", round(series.median(Sample::bytes)))
                .put("spread", round(series.spread()));
        ArrayNode rounds = node.putArray("raw");
        for (Sample sample : series.rounds()) {
            rounds.addObject()
                    .put("ns", round(sample.nanos()))
                    .put("cpu_us", round(sample.cpuMicros()))
                    .put("alloc_bytes", round(sample.bytes()));
        }
    }

    /** Four digits after the point: a CPU time of nanoseconds is told in microseconds. */
    private static double round(double value) {
        return Math.round(value * 1e4) / 1e4;
    }
}
