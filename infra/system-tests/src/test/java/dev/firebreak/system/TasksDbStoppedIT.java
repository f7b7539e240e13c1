package dev.firebreak.system;

import dev.firebreak.system.harness.Fault;
import dev.firebreak.system.harness.SystemStack;

/** {@link TasksOutageContract} while the tasks' database is gone: connections are refused. */
class TasksDbStoppedIT extends TasksOutageContract {
    TasksDbStoppedIT(SystemStack stack) {
        super(Fault.STOPPED, stack);
    }
}
