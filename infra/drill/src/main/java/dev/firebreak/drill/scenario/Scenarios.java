package dev.firebreak.drill.scenario;

import java.util.List;
import java.util.Optional;

/** Every scenario there is, in the order in which they are run. */
public final class Scenarios {
    private static final List<Scenario> ALL = List.of(
            new PoolDry(),
            new AuthDb(),
            new TasksDb(),
            new Databases(),
            new AuthServer(),
            new KeyRevoke(),
            new LoginStorm(),
            new Overload(),
            new Cascade(),
            // Restarts what the ones before it want warm.
            new Jwks(),
            new PgBouncer());

    private Scenarios() {}

    public static List<Scenario> all() {
        return ALL;
    }

    public static Optional<Scenario> find(String name) {
        return ALL.stream().filter(scenario -> scenario.name().equals(name)).findFirst();
    }
}
