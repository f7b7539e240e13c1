package dev.firebreak.system;

import dev.firebreak.system.harness.Fault;
import dev.firebreak.system.harness.SystemStack;

/** {@link FirstFirebreakContract} while everything that knows who people are is gone: connections are refused. */
class FirstFirebreakStoppedIT extends FirstFirebreakContract {
    FirstFirebreakStoppedIT(SystemStack stack) {
        super(Fault.STOPPED, stack);
    }
}
