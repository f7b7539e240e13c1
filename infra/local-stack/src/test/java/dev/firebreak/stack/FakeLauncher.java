package dev.firebreak.stack;

import dev.firebreak.stack.layout.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Starts a stack and waits for its own end, as {@code ./firebreak up} does. */
public final class FakeLauncher {
    private FakeLauncher() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Stack stack = Stack.of(StackOptions.builder(Path.of(args[0]))
                .ports(Ports.parse(args[1]))
                .progress((who, what) -> System.out.println(who + " " + what))
                .build());
        stack.up();
        Files.createFile(Path.of(args[2]));
        Thread.currentThread().join();
    }
}
