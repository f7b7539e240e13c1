package dev.firebreak.drill;

import dev.firebreak.drill.scenario.Ground;
import dev.firebreak.drill.scenario.Result;
import dev.firebreak.drill.scenario.Scenario;
import dev.firebreak.drill.site.DrillStack;
import dev.firebreak.drill.site.Firebreak;
import dev.firebreak.stack.Progress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** Runs scenarios one after the other on one stack of the drills' own, and takes it away again. */
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

    public List<Result> run(List<Scenario> scenarios) {
        List<Result> results = new ArrayList<>();
        progress.report("drill", "starting a stack of its own; seed " + seed);
        try (DrillStack stack = DrillStack.start(project, shape(), Progress.SILENT, clock);
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

    private DrillStack.Shape shape() {
        return switch (scale) {
            case SHORT -> DrillStack.Shape.SHORT;
            case USUAL -> DrillStack.Shape.USUAL;
            case LONG -> DrillStack.Shape.LONG;
        };
    }
}
