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
import dev.firebreak.stack.Preflight;
import dev.firebreak.stack.Progress;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Breaks a stack of its own for real and shows what users saw. */
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        description = "Breaks a stack of its own, under load, and shows what users saw.",
        footer = {"", "Exit status: 0 pass, 1 fail, 2 usage, 3 invalid run."})
final class DrillCommand implements Callable<Integer> {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Scenarios; all when none is named.")
    private List<String> names = List.of();

    @Option(names = "--long", description = "Real time: an outage of nine minutes takes nine minutes.")
    private boolean inFull;

    @Option(names = "--short", description = "The forms that ./firebreak test runs.", hidden = true)
    private boolean brief;

    @Option(names = "--seed", paramLabel = "N", description = "Repeats a run's dice.")
    private @Nullable Long seed;

    @Option(names = "--record", description = "Also writes docs/benchmarks/drills.* and infra/benchmarks/sizing.json.")
    private boolean record;

    @Option(names = "--json", description = "As one JSON document.")
    private boolean json;

    @Override
    public Integer call() {
        List<Scenario> scenarios = scenarios();
        Preflight.requirePlatform();
        Scale scale = inFull ? Scale.LONG : brief ? Scale.SHORT : Scale.USUAL;
        Workspace workspace = main.workspace();
        List<Result> results =
                new Drills(workspace.project(), scale, dice(), progress(), workspace.clock()).run(scenarios);
        Reports.write(results, workspace.folder().root().resolve("reports"));
        if (record) {
            Reports.record(results, workspace.project());
        }
        Screen screen = Screen.of(spec.commandLine().getOut());
        if (json) {
            screen.line(JsonReport.of(results));
        } else {
            screen.line("");
            Table.of(results).forEach(screen::line);
            screen.line("");
            screen.line("report: " + workspace.folder().root().resolve("reports/drills.md"));
        }
        return Conclusion.of(results).status();
    }

    /** With --json standard output is the document's alone. */
    private Progress progress() {
        long begin = System.nanoTime();
        PrintWriter out =
                json ? spec.commandLine().getErr() : spec.commandLine().getOut();
        return (who, what) -> {
            out.println(String.format(Locale.ROOT, "[%5.1f s] %-11s %s", (System.nanoTime() - begin) / 1e9, who, what));
            out.flush();
        };
    }

    private List<Scenario> scenarios() {
        if (names.isEmpty()) {
            return Scenarios.all();
        }
        return names.stream()
                .map(name -> Scenarios.find(name)
                        .orElseThrow(() -> new UsageException("there is no drill " + name + "; there are "
                                + Scenarios.all().stream().map(Scenario::name).toList())))
                .toList();
    }

    private long dice() {
        return seed != null ? seed : System.nanoTime() & 0xffff_ffffL;
    }
}
