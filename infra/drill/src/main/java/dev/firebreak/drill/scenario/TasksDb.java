package dev.firebreak.drill.scenario;

import dev.firebreak.drill.site.Subject;
import dev.firebreak.stack.layout.Part;
import java.time.Duration;

/**
 * kill -9 to the tasks' database under writes: task calls are refused, sessions stay, nothing acknowledged is lost, and
 * the database that comes back is not run over.
 */
class TasksDb extends Outage {
    /** More than a thousand requests, whatever the scale. */
    private static final double PER_SECOND = 80;

    private static final int MOST_IN_A_SECOND = 2 * Subject.POOL_SIZE;

    private long mended;

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
        mended = System.nanoTime();
        ground.stack().parts().start(Part.TASKS_DB);
    }

    @Override
    void account(Ground ground, Account account) {
        account.finding(rush(
                "connections after its return, most in a second",
                ground.stack().tasksDb().rushSince(mended),
                MOST_IN_A_SECOND));
    }

    /** None at all would mean that nobody was counted. */
    static Finding rush(String name, int measured, int most) {
        return new Finding(name, measured, "1 to " + most, measured >= 1 && measured <= most, false);
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
