package dev.firebreak.drill.scenario;

import java.util.List;

/** One way to break things. Leaves the stack whole. */
public interface Scenario {
    /** As it is called on the command line, for instance {@code auth-db}. */
    String name();

    /** What is broken, in a few words. */
    String broken();

    /** Whether it takes place on a stack whose task service reaches its database by PgBouncer. */
    default boolean needsPooler() {
        return false;
    }

    /** Breaks it under load: Firebreak's result first, then perhaps the control's. */
    List<Result> run(Ground ground);
}
