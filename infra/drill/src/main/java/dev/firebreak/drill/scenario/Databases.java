package dev.firebreak.drill.scenario;

import dev.firebreak.drill.fault.Rule;
import dev.firebreak.stack.layout.Part;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Both databases become so slow that every pool is dry, then kill -9 to both at once: task calls are refused, sessions
 * stay, and health answers as fast as ever.
 */
final class Databases extends TasksDb {
    private static final Rule SLOW = Rule.latency(Duration.ofMillis(400)).jitter(Duration.ofMillis(50));

    /** Far longer than the four connections of the load's pool need to be taken. */
    private static final Duration DRY = Duration.ofSeconds(3);

    /** Of the pools identity and background together. */
    private static final int MOST_IN_A_SECOND = 2 * (8 + 2);

    private long returned;

    @Override
    public String name() {
        return "databases";
    }

    @Override
    public String broken() {
        return "pools dry, then auth-db and tasks-db killed (SIGKILL)";
    }

    @Override
    void strike(Ground ground) {
        ground.stack().authDb().apply(SLOW);
        ground.stack().tasksDb().apply(SLOW);
        LockSupport.parkNanos(DRY.toNanos());
        super.strike(ground);
        ground.stack().parts().kill(Part.AUTH_DB);
    }

    @Override
    void mend(Ground ground) {
        ground.stack().authDb().apply(Rule.PASS);
        ground.stack().tasksDb().apply(Rule.PASS);
        returned = System.nanoTime();
        ground.stack().parts().start(Part.AUTH_DB);
        super.mend(ground);
    }

    @Override
    void account(Ground ground, Account account) {
        super.account(ground, account);
        account.finding(rush(
                "connections to auth-db after its return, most in a second",
                ground.stack().authDb().rushSince(returned),
                MOST_IN_A_SECOND));
    }
}
