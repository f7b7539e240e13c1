package dev.firebreak.cli;

import dev.firebreak.stack.Stack;
import dev.firebreak.stack.StackFiles;
import dev.firebreak.stack.StackOptions;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.layout.StackFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/**
 * Which checkout the command is about, and the clock it goes by.
 *
 * @param project root of the reactor
 */
record Workspace(Path project, InstantSource clock) {
    /** The checkout of the script that started us; without it the folder we stand in or one above. */
    static Workspace current() {
        String root = System.getProperty("firebreak.root");
        Path start = Path.of(root == null ? "" : root).toAbsolutePath().normalize();
        for (Path folder = start; folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("infra/cli/pom.xml"))) {
                return new Workspace(folder, InstantSource.system());
            }
        }
        return new Workspace(start, InstantSource.system());
    }

    StackFolder folder() {
        return new StackFolder(project.resolve(".firebreak"));
    }

    /** Ports of the stack that was started last, else the usual ones. */
    Ports ports() {
        return StackFiles.readPorts(folder()).orElseGet(Workspace::usualPorts);
    }

    /** Those of the contract; {@code -Dfirebreak.ports} names nine others, for tests that run beside other stacks. */
    static Ports usualPorts() {
        String given = System.getProperty("firebreak.ports");
        return given == null ? Ports.defaults() : Ports.parse(given);
    }

    StackOptions.Builder options() {
        return StackOptions.builder(project).ports(ports()).clock(clock);
    }

    /** The stack of this checkout, as it was started last. */
    Stack stack() {
        return Stack.of(options().build());
    }

    /** The same, for commands that need it up. */
    Stack runningStack() {
        Stack stack = stack();
        if (!stack.runs()) {
            throw new StackException("the stack of " + project + " is not up", "start it: ./firebreak up --detach");
        }
        return stack;
    }
}
