package dev.firebreak.drill.scenario;

import dev.firebreak.stack.layout.Part;
import java.time.Duration;
import java.util.List;

/**
 * The authorization server and its database are away. In the long form for nine minutes, the outage budget, at
 * production's own life times; in the shorter forms every visitor's renewal comes due while they are away.
 */
final class AuthServer extends Outage {
    @Override
    public String name() {
        return "auth-server";
    }

    @Override
    public String broken() {
        return "auth-server and auth-db killed (SIGKILL)";
    }

    @Override
    void strike(Ground ground) {
        ground.stack().parts().kill(Part.AUTH_DB);
        ground.stack().parts().kill(Part.AUTH_SERVER);
    }

    @Override
    void mend(Ground ground) {
        ground.stack().parts().start(Part.AUTH_DB);
        ground.stack().parts().start(Part.AUTH_SERVER);
        ground.stack().parts().awaitReady(Part.AUTH_SERVER);
    }

    @Override
    Duration away(Ground ground) {
        return ground.seconds(15, 40, 9 * 60);
    }

    /** It starts in about ten seconds on a machine that has other things to do. */
    @Override
    Duration after(Ground ground) {
        return ground.seconds(25, 30, 60);
    }

    @Override
    boolean isInvisible() {
        return true;
    }

    @Override
    List<Part> watched() {
        return List.of(Part.GATEWAY, Part.TASK_SERVICE);
    }
}
