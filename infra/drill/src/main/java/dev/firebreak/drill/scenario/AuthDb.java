package dev.firebreak.drill.scenario;

import dev.firebreak.stack.layout.Part;
import java.time.Duration;

/** The database that knows who people are hangs, its sockets open: nobody who is signed in may notice. */
final class AuthDb extends Outage {
    @Override
    public String name() {
        return "auth-db";
    }

    @Override
    public String broken() {
        return "auth-db hangs (SIGSTOP)";
    }

    @Override
    void strike(Ground ground) {
        ground.stack().parts().suspend(Part.AUTH_DB);
    }

    @Override
    void mend(Ground ground) {
        ground.stack().parts().resume(Part.AUTH_DB);
    }

    @Override
    Duration away(Ground ground) {
        return ground.seconds(10, 20, 60);
    }

    @Override
    boolean isInvisible() {
        return true;
    }
}
