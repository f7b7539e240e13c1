package dev.firebreak.drill.scenario;

import java.time.Duration;

/** The pooler between the task service and its database is killed under writes, and started again. */
final class PgBouncer extends Outage {
    @Override
    public String name() {
        return "pgbouncer";
    }

    @Override
    public String broken() {
        return "PgBouncer before tasks-db killed (SIGKILL)";
    }

    @Override
    public boolean needsPooler() {
        return true;
    }

    @Override
    void strike(Ground ground) {
        ground.stack().pooler().kill();
    }

    @Override
    void mend(Ground ground) {
        ground.stack().pooler().start();
    }

    @Override
    Duration away(Ground ground) {
        return ground.seconds(8, 15, 60);
    }

    @Override
    boolean isInvisible() {
        return false;
    }
}
