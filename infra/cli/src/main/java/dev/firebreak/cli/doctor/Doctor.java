package dev.firebreak.cli.doctor;

import dev.firebreak.stack.Stack;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;

/** All checks. */
public final class Doctor {
    private Doctor() {}

    public static List<Check> examine(Stack stack, Path project, InstantSource clock) {
        return Stream.concat(
                        new MachineChecks(stack.folder().root()).run().stream(),
                        new StackChecks(stack, project, clock).run().stream())
                .toList();
    }
}
