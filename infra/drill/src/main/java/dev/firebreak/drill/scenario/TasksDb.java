package dev.firebreak.drill.scenario;

import dev.firebreak.stack.layout.Part;
import java.time.Duration;

/** kill -9 to the tasks' database under writes: task calls are refused, sessions stay, nothing acknowledged is lost. */
final class TasksDb extends Outage {
    /** More than a thousand requests, whatever the scale. */
    private static final double PER_SECOND = 80;

    @Override
    public String name() {
        return "tasks-db";
    }

    @Override
    public String broken() {
        return "tasks-db killed (SIGKILL)";
    }

    @Override
    void strike(Ground ground) {
        ground.stack().parts().kill(Part.TASKS_DB);
    }

    @Override
    void mend(Ground ground) {
        ground.stack().parts().start(Part.TASKS_DB);
    }

    @Override
    Duration away(Ground ground) {
        return ground.seconds(8, 20, 60);
    }

    @Override
    boolean isInvisible() {
        return false;
    }

    @Override
    double rate() {
        return PER_SECOND;
    }
}
