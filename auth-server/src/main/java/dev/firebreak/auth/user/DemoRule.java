package dev.firebreak.auth.user;

import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.UserError;
import dev.firebreak.starter.ServiceIdentity;
import org.springframework.stereotype.Component;

/** Demo accounts, whose password is printed in the README, exist on a developer's machine only. */
@Component
class DemoRule {
    private final boolean allowed;

    DemoRule(ServiceIdentity identity) {
        this.allowed = identity.isLocal();
    }

    /** Whether demo accounts may exist here. */
    boolean allowed() {
        return allowed;
    }

    void requireAllowed(NewUser user) {
        if (user.demo() && !allowed) {
            throw new ServiceException(UserError.DEMO_REFUSED, "Demo accounts may exist in the local profile only.");
        }
    }
}
