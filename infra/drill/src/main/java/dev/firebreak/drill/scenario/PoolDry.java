package dev.firebreak.drill.scenario;

import dev.firebreak.drill.fault.Rule;
import java.time.Duration;

/** tasks-db answers so slowly that its pool of 4 is always taken. */
final class PoolDry extends Outage {
    private static final Duration SLOW = Duration.ofMillis(400);

    @Override
    public String name() {
        return "pool";
    }

    @Override
    public String broken() {
        return "tasks-db takes 400 ms a statement: the pool is dry";
    }

    @Override
    void strike(Ground ground) {
        ground.firebreak().database(Rule.latency(SLOW).jitter(Duration.ofMillis(50)));
    }

    @Override
    void mend(Ground ground) {
        ground.firebreak().database(Rule.PASS);
    }

    @Override
    Duration away(Ground ground) {
        return ground.seconds(10, 15, 60);
    }

    @Override
    boolean isInvisible() {
        return false;
    }
}
