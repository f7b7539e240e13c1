package dev.firebreak.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures in rounds. What the machine was too busy for is measured again, twice at most. */
final class Rounds {
    private static final int ATTEMPTS = 3;
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    /** As the services run, but for the heap: what is measured keeps little. */
    private static final String[] JVM = {
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:+UseCompactObjectHeaders",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow"
    };

    private final Effort effort;
    private final Consumer<String> progress;

    Rounds(Effort effort, Consumer<String> progress) {
        this.effort = effort;
        this.progress = progress;
    }

    /** All of these, in their order. */
    List<Outcome> run(List<Comparison> comparisons) throws RunnerException {
        Map<Comparison, Outcome> outcomes = new LinkedHashMap<>();
        List<Comparison> open = comparisons;
        for (int attempt = 1; attempt <= ATTEMPTS && !open.isEmpty(); attempt++) {
            outcomes.putAll(attempt(open));
            open = outcomes.values().stream()
                    .filter(outcome -> outcome.invalid().isPresent())
                    .map(Outcome::comparison)
                    .toList();
            if (!open.isEmpty() && attempt < ATTEMPTS) {
                progress.accept("the machine was too busy for " + open.size() + ": once more");
            }
        }
        return List.copyOf(outcomes.values());
    }

    /** Exactly once, whatever comes out. */
    Map<Comparison, Outcome> attempt(List<Comparison> comparisons) throws RunnerException {
        Map<Subject, List<Sample>> samples = new LinkedHashMap<>();
        for (int round = 1; round <= effort.rounds(); round++) {
            Set<Subject> subjects = subjects(comparisons);
            progress.accept("round %d of %d: %d measurements".formatted(round, effort.rounds(), subjects.size()));
            for (Subject subject : subjects) {
                samples.computeIfAbsent(subject, first -> new ArrayList<>()).add(measure(subject));
            }
        }
        Map<Comparison, Outcome> outcomes = new LinkedHashMap<>();
        for (Comparison comparison : comparisons) {
            outcomes.put(
                    comparison,
                    new Outcome(
                            comparison,
                            new Series(samples.getOrDefault(comparison.ours(), List.of())),
                            comparison.peer() == null
                                    ? null
                                    : new Series(samples.getOrDefault(
                                            comparison.peer().subject(), List.of()))));
        }
        return outcomes;
    }

    /** Each once, ours next to its peer. */
    private static Set<Subject> subjects(List<Comparison> comparisons) {
        Set<Subject> subjects = new LinkedHashSet<>();
        for (Comparison comparison : comparisons) {
            subjects.add(comparison.ours());
            Stream.ofNullable(comparison.peer()).map(Comparison.Peer::subject).forEach(subjects::add);
        }
        return subjects;
    }

    private Sample measure(Subject subject) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(subject.benchmark()) + "$")
                .mode(Mode.AverageTime)
                .timeUnit(TimeUnit.NANOSECONDS)
                .threads(1)
                .forks(effort.forks())
                .warmupIterations(effort.warmUps())
                .warmupTime(TimeValue.milliseconds(effort.each().toMillis()))
                .measurementIterations(effort.iterations())
                .measurementTime(TimeValue.milliseconds(effort.each().toMillis()))
                .jvmArgs(JVM)
                // The last one stands next to what is measured.
                .addProfiler(GCProfiler.class)
                .addProfiler(CpuProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        subject.parameters().forEach(options::param);
        RunResult result = new Runner(options.build()).runSingle();
        return new Sample(
                // Not the mean: whoever takes the processor for a moment spoils one iteration only.
                result.getPrimaryResult().getStatistics().getPercentile(50),
                secondary(result, CpuProfiler.LABEL),
                secondary(result, ALLOCATED));
    }

    private static double secondary(RunResult result, String label) {
        Result<?> figure = result.getSecondaryResults().get(label);
        if (figure == null) {
            throw new IllegalStateException("JMH says nothing on " + label);
        }
        return figure.getScore();
    }
}
