package dev.firebreak.drill.report;

import dev.firebreak.drill.scenario.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes the files of a run. */
public final class Reports {
    private static final String PLOT = "drills.svg";

    private Reports() {}

    /** The report, its plot where something was plotted, and the raw figures; returns what was written. */
    public static List<Path> write(List<Result> results, Path folder) {
        boolean plotted = results.stream().anyMatch(result -> result.curve().size() > 1);
        List<Path> written = new ArrayList<>();
        written.add(write(folder.resolve("drills.json"), JsonReport.of(results) + "\n"));
        written.add(write(
                folder.resolve("drills.md"), Markdown.of(results, Machine.here().text(), plotted ? PLOT : "")));
        if (plotted) {
            written.add(write(folder.resolve(PLOT), SvgPlot.of(results)));
        }
        return written;
    }

    /** The same where readers of the repository find it, and the sizing guide's figures. */
    public static List<Path> record(List<Result> results, Path project) {
        List<Path> written = new ArrayList<>(write(results, project.resolve("docs/benchmarks")));
        Sizing.of(results, Machine.here())
                .ifPresent(text -> written.add(write(project.resolve("infra/benchmarks/sizing.json"), text)));
        return written;
    }

    private static Path write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
