/**
 * Processes of this machine: who one is (pid and start instant), how it is started so that it outlives us, signalled,
 * stopped within a deadline, and what its log says. It knows nothing of databases or services.
 */
@NullMarked
package dev.firebreak.stack.process;

import org.jspecify.annotations.NullMarked;
