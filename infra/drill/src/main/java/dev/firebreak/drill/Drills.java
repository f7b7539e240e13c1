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
import java.nio.file.Path;
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

    /** In the order given, but that those which need a pooler come last, on a stack that has one. */
    public List<Result> run(List<Scenario> scenarios) {
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
        try {
            return run(shape().withPooler(), scenarios);
        } catch (StackException e) {
            return notRun(scenarios, e.problem());
        }
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
                results.addAll(scenario.run(ground));
            }
        }
        return results;
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
