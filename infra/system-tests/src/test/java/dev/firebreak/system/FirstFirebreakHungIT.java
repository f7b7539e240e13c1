package dev.firebreak.system;

import dev.firebreak.system.harness.Fault;
import dev.firebreak.system.harness.SystemStack;

/** {@link FirstFirebreakContract} while everything that knows who people are hangs: connections are accepted and never answered. */
class FirstFirebreakHungIT extends FirstFirebreakContract {
    FirstFirebreakHungIT(SystemStack stack) {
        super(Fault.HUNG, stack);
    }
}
