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
        return Stream.of(
                        new MachineChecks(stack.folder().root()).run(),
                        new StackChecks(stack, project, clock).run(),
                        new ConnectionChecks(stack).run())
                .flatMap(List::stream)
                .toList();
    }
}
