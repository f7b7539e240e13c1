package dev.firebreak.auth.user;

import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.health.HealthReasons;
import java.util.List;

/** Takes the process out of rotation while a demo account exists where none may: its password is public. */
final class DemoWatch implements HealthReasons {
    private static final List<HealthReason> FOUND = List.of(HealthReason.down("demo.accounts"));

    private final UserStore users;
    private volatile boolean found;

    DemoWatch(UserStore users) {
        this.users = users;
    }

    /** Looks; a look that fails leaves the last answer standing. */
    void look() {
        found = users.hasDemoAccounts();
    }

    @Override
    public List<HealthReason> current() {
        return found ? FOUND : List.of();
    }
}
