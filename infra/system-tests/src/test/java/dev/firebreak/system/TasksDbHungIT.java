package dev.firebreak.system;

import dev.firebreak.system.harness.Fault;
import dev.firebreak.system.harness.SystemStack;

/** {@link TasksOutageContract} while the tasks' database hangs: connections are accepted and never answered. */
class TasksDbHungIT extends TasksOutageContract {
    TasksDbHungIT(SystemStack stack) {
        super(Fault.HUNG, stack);
    }
}
