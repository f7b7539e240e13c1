package dev.firebreak.cli;

import dev.firebreak.drill.Drills;
import dev.firebreak.drill.report.Conclusion;
import dev.firebreak.drill.report.JsonReport;
import dev.firebreak.drill.report.Reports;
import dev.firebreak.drill.report.Table;
import dev.firebreak.drill.scenario.Ground.Scale;
import dev.firebreak.drill.scenario.Result;
import dev.firebreak.drill.scenario.Scenario;
import dev.firebreak.drill.scenario.Scenarios;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Breaks a stack of its own for real, under load, and prints what users saw (ADR 14). */
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        description = "Breaks a stack of its own for real, under load, and prints what users saw.",
        footer = {
            "",
            "Status: 0 every promise held, 1 one was broken or nothing could start, 2 usage,",
            "3 invalid: the machine was too busy to tell, a drill did not run, or the",
            "control withstood."
        })
final class DrillCommand implements Callable<Integer> {
    private static final long MOST_SEED = 0xffff_ffffL;

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Which drills; all of them without a name.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--list", description = "Say which drills there are and what each breaks; break nothing.")
    private boolean list;

    @Option(names = "--long", description = "Real lengths: nine minutes without auth-server.")
    private boolean longForm;

    @Option(names = "--json", description = "The results as one JSON document.")
    private boolean json;

    @Option(names = "--seed", paramLabel = "N", description = "Of every schedule, to repeat a run.")
    private @Nullable Long seed;

    @Option(
            names = "--record",
            description = "If it passes, renew docs/benchmarks and infra/benchmarks/sizing.json too.")
    private boolean record;

    private final long begin = System.nanoTime();

    @Override
    public Integer call() {
        Screen screen = Screen.of(spec.commandLine().getOut());
        List<Scenario> scenarios = scenarios();
        if (list) {
            scenarios.forEach(scenario -> screen.line("%-12s  %s".formatted(scenario.name(), scenario.broken())));
            return ExitCode.OK;
        }
        Workspace workspace = main.workspace();
        List<Result> results = new Drills(
                        workspace.project(),
                        longForm ? Scale.LONG : Scale.USUAL,
                        seed == null ? workspace.clock().millis() & MOST_SEED : seed,
                        this::progress,
                        workspace.clock())
                .run(scenarios);
        if (json) {
            screen.line(JsonReport.of(results));
        } else {
            screen.line("");
            Table.of(results).forEach(screen::line);
        }
        Conclusion conclusion = Conclusion.of(results);
        List<Path> written =
                new ArrayList<>(Reports.write(results, workspace.folder().root().resolve("drill-report")));
        if (record && conclusion == Conclusion.PASS) {
            written.addAll(Reports.record(results, workspace.project()));
        } else if (record) {
            progress("drill", "recorded nothing: only a run that passes is worth showing");
        }
        written.forEach(file -> progress("drill", "wrote " + workspace.project().relativize(file)));
        return conclusion.status();
    }

    private List<Scenario> scenarios() {
        if (names.isEmpty()) {
            return Scenarios.all();
        }
        Set<Scenario> wanted = new LinkedHashSet<>();
        for (String name : names) {
            wanted.add(Scenarios.find(name)
                    .orElseThrow(() -> new UsageException("there is no drill %s; there are: %s"
                            .formatted(
                                    name,
                                    Scenarios.all().stream().map(Scenario::name).collect(Collectors.joining(", "))))));
        }
        Set<String> proof = Set.of("overload", "cascade");
        if (record
                && !wanted.stream()
                        .map(Scenario::name)
                        .collect(Collectors.toSet())
                        .containsAll(proof)) {
            throw new UsageException("--record renews what the repository shows: overload and cascade belong to it");
        }
        return List.copyOf(wanted);
    }

    /** On standard error: standard output is for results. */
    private void progress(String who, String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(String.format(Locale.ROOT, "[%6.1f s] %-11s %s", (System.nanoTime() - begin) / 1e9, who, what));
        err.flush();
    }
}
