package dev.firebreak.stack.process;

import java.util.Optional;

/**
 * How a process of ours is told from all others when nothing was written down about it.
 *
 * @param program name of its executable: a pager or an editor on the same path is somebody else
 * @param argument an argument of its own, with a path inside the state folder
 */
public record ProcessMark(String program, String argument) {
    /** The process that bears it now. */
    public Optional<ProcessIdentity> find() {
        return Processes.findByArgument(program, argument);
    }
}
