package dev.firebreak.drill.scenario;

import dev.firebreak.stack.layout.Part;
import java.time.Duration;

/** kill -9 to both clusters at once: task calls are refused, sessions stay, and health answers as fast as ever. */
final class Databases extends Outage {
    private static final double PER_SECOND = 80;

    @Override
    public String name() {
        return "databases";
    }

    @Override
    public String broken() {
        return "auth-db and tasks-db killed (SIGKILL)";
    }

    @Override
    void strike(Ground ground) {
        ground.stack().parts().kill(Part.TASKS_DB);
        ground.stack().parts().kill(Part.AUTH_DB);
    }

    @Override
    void mend(Ground ground) {
        ground.stack().parts().start(Part.AUTH_DB);
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
