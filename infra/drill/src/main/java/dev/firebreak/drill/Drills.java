package dev.firebreak.drill;

import dev.firebreak.drill.scenario.Ground;
import dev.firebreak.drill.scenario.Result;
import dev.firebreak.drill.scenario.Scenario;
import dev.firebreak.drill.site.Bouncer;
import dev.firebreak.drill.site.DrillStack;
import dev.firebreak.drill.site.DrillStack.Shape;
import dev.firebreak.drill.site.Firebreak;
import dev.firebreak.stack.Progress;
import dev.firebreak.stack.layout.StackException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Runs scenarios one after the other on a stack of the drills' own, and takes it away again. */
public final class Drills {
    private final Path project;
    private final Ground.Scale scale;
    private final long seed;
    private final Progress progress;
    private final InstantSource clock;

    public Drills(Path project, Ground.Scale scale, long seed, Progress progress, InstantSource clock) {
        this.project = project;
        this.scale = scale;
        this.seed = seed;
        this.progress = progress;
        this.clock = clock;
    }

    /** In the order given, but that those which need a pooler come last, on a stack that has one. One run at a time. */
    public List<Result> run(List<Scenario> scenarios) {
        Path folder = project.resolve(".firebreak");
        try {
            Files.createDirectories(folder);
            try (FileChannel file = FileChannel.open(
                            folder.resolve("drill.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = file.tryLock()) {
                if (lock == null) {
                    throw new StackException("another drill runs in " + project, "wait for it, or end it");
                }
                return runAlone(scenarios);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot lock " + folder, e);
        }
    }

    private List<Result> runAlone(List<Scenario> scenarios) {
        List<Scenario> pooled = scenarios.stream().filter(Scenario::needsPooler).toList();
        List<Scenario> direct =
                scenarios.stream().filter(Predicate.not(Scenario::needsPooler)).toList();
        List<Result> results = new ArrayList<>();
        if (!direct.isEmpty()) {
            results.addAll(run(shape(), direct));
        }
        if (!pooled.isEmpty()) {
            results.addAll(runPooled(pooled));
        }
        return results;
    }

    private List<Result> runPooled(List<Scenario> scenarios) {
        if (Bouncer.program().isEmpty()) {
            return notRun(scenarios, "PgBouncer is not installed: apt-get install pgbouncer");
        }
        return run(shape().withPooler(), scenarios);
    }

    private List<Result> run(Shape shape, List<Scenario> scenarios) {
        List<Result> results = new ArrayList<>();
        progress.report("drill", "starting a stack of its own; seed " + seed);
        try (DrillStack stack = DrillStack.start(project, shape, Progress.SILENT, clock);
                Firebreak firebreak = Firebreak.withVisitors(stack, Ground.VISITORS)) {
            progress.report("drill", Ground.VISITORS + " visitors have signed in at " + stack.origin());
            Ground ground = new Ground(project, stack, firebreak, scale, seed, progress);
            ground.warmUp();
            for (Scenario scenario : scenarios) {
                results.addAll(runOne(scenario, ground));
            }
        }
        return results;
    }

    /** What went before it in a long run is not lost with it. */
    private List<Result> runOne(Scenario scenario, Ground ground) {
        try {
            return scenario.run(ground);
        } catch (StackException | IllegalStateException | UncheckedIOException e) {
            return notRun(List.of(scenario), "broke off: " + e.getMessage());
        }
    }

    private List<Result> notRun(List<Scenario> scenarios, String reason) {
        scenarios.forEach(scenario -> progress.report(scenario.name(), "not run: " + reason));
        return scenarios.stream()
                .map(scenario -> Result.notRun(scenario.name(), scenario.broken(), reason))
                .toList();
    }

    private Shape shape() {
        return switch (scale) {
            case SHORT -> Shape.SHORT;
            case USUAL -> Shape.USUAL;
            case LONG -> Shape.LONG;
        };
    }
}
