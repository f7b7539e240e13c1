package dev.firebreak.stack.service;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.StackException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The jar of a service and the JVM flags that suit it on a machine with two cores. */
record ServiceJar(Path jar, List<String> flags) {
    /** For every service JVM. */
    private static final List<String> COMMON = List.of(
            "-XX:+UseCompactObjectHeaders",
            // A process without memory answers nothing right: end, and let whoever watches start it again.
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:MaxMetaspaceSize=256m",
            // Netty and the crypto provider load native code; JDK 25 wants to be told.
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    static ServiceJar of(Part part, Path project) {
        return switch (part) {
            // Serial: the least overhead for small heaps; its pauses are a few milliseconds at this size.
            case AUTH_SERVER -> jar(project, "auth-server", "-Xmx256m", "-XX:+UseSerialGC");
            case TASK_SERVICE -> jar(project, "task-service", "-Xmx192m", "-XX:+UseSerialGC");
            // Parallel gave the highest throughput per CPU; pooled because Netty 4.2's adaptive allocator can run out
            // of direct memory with small heaps (stack-traps, 9).
            case GATEWAY ->
                jar(
                        project,
                        "gateway",
                        "-Xmx256m",
                        "-XX:+UseParallelGC",
                        "-XX:MaxDirectMemorySize=128m",
                        "-Dio.netty.allocator.type=pooled");
            case AUTH_DB, TASKS_DB -> throw new IllegalArgumentException(part + " is no service");
        };
    }

    private static ServiceJar jar(Path project, String module, String... flags) {
        return new ServiceJar(project.resolve(module).resolve("target").resolve(module + ".jar"), List.of(flags));
    }

    void require() {
        if (!Files.isRegularFile(jar)) {
            throw new StackException(jar + " is missing", "./firebreak builds it; by hand: mvn -DskipTests package");
        }
    }

    List<String> commonFlags() {
        return COMMON;
    }
}
