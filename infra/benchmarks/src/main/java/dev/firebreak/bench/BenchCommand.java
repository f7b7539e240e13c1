package dev.firebreak.bench;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.openjdk.jmh.runner.RunnerException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ./firebreak bench}. A program of its own, so that the command line carries no benchmarks around. */
@Command(
        name = "firebreak bench",
        mixinStandardHelpOptions = true,
        description = "Measures the hot paths in five rounds, beside their peers.",
        footer = {
            "",
            "ratio = time of ours by the peer's, spread = between the quartiles of the",
            "rounds. Status: 0 measured, 1 it failed, 2 usage, 3 invalid: the machine was",
            "too busy to tell, three times."
        })
public final class BenchCommand implements Callable<Integer> {
    private static final int INVALID = 3;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "A group (gate, signing, trust) or one of it (gate.enter); all without a name.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--list", description = "Say which benchmarks there are; measure nothing.")
    private boolean list;

    @Option(names = "--json", description = "Raw figures and ratios as one JSON document.")
    private boolean json;

    private final long begin = System.nanoTime();

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new BenchCommand())
                .setParameterExceptionHandler(BenchCommand::usage)
                .setExecutionExceptionHandler(BenchCommand::failed);
    }

    @Override
    public Integer call() throws RunnerException {
        PrintWriter out = spec.commandLine().getOut();
        List<Comparison> wanted = wanted();
        if (list) {
            wanted.forEach(comparison -> out.println(comparison.name()));
            out.flush();
            return ExitCode.OK;
        }
        List<Outcome> outcomes = new Rounds(Effort.USUAL, this::progress).run(wanted);
        Machine machine = Machine.here();
        if (json) {
            out.println(JsonReport.of(outcomes, machine));
        } else {
            out.println(machine.text());
            out.println();
            Table.of(outcomes).forEach(out::println);
        }
        out.flush();
        return outcomes.stream().allMatch(outcome -> outcome.invalid().isEmpty()) ? ExitCode.OK : INVALID;
    }

    private List<Comparison> wanted() {
        for (String name : names) {
            if (Catalogue.all().stream().noneMatch(comparison -> comparison.isMeantBy(name))) {
                throw new ParameterException(
                        spec.commandLine(),
                        "there is no benchmark %s; there are: %s"
                                .formatted(
                                        name,
                                        Catalogue.all().stream()
                                                .map(Comparison::name)
                                                .collect(Collectors.joining(", "))));
            }
        }
        return Catalogue.all().stream()
                .filter(comparison -> names.isEmpty() || names.stream().anyMatch(comparison::isMeantBy))
                .toList();
    }

    /** On standard error: standard output is for results. */
    private void progress(String what) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(String.format(Locale.ROOT, "[%6.1f s] bench       %s", (System.nanoTime() - begin) / 1e9, what));
        err.flush();
    }

    private static int usage(ParameterException error, String[] args) {
        PrintWriter err = error.getCommandLine().getErr();
        err.println("firebreak: " + error.getMessage());
        err.println("           see ./firebreak bench --help");
        err.flush();
        return ExitCode.USAGE;
    }

    private static int failed(Exception error, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println("firebreak: a benchmark failed: " + error.getMessage());
        error.printStackTrace(command.getErr());
        command.getErr().flush();
        return ExitCode.SOFTWARE;
    }
}
