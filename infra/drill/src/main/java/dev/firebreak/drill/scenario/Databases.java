package dev.firebreak.drill.scenario;

import dev.firebreak.stack.layout.Part;

/** kill -9 to both clusters at once: task calls are refused, sessions stay, and health answers as fast as ever. */
final class Databases extends TasksDb {
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
        super.strike(ground);
        ground.stack().parts().kill(Part.AUTH_DB);
    }

    @Override
    void mend(Ground ground) {
        ground.stack().parts().start(Part.AUTH_DB);
        super.mend(ground);
    }
}
