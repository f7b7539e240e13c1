package dev.firebreak.stack.service;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.StackException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The jar of a service and the JVM flags that suit it on a machine with two cores. */
record ServiceJar(Path jar, List<String> flags) {
    /** For every service JVM. */
    static final List<String> COMMON_FLAGS = List.of(
            "-XX:+UseCompactObjectHeaders",
            // A process without memory answers nothing right: end, and let whoever watches start it again.
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:MaxMetaspaceSize=256m",
            // Netty and the crypto provider load native code; JDK 25 wants to be told.
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow");

    /** It lives for two seconds: optimising its code would take longer than running it. */
    static final List<String> MIGRATION_FLAGS = List.of("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    /**
     * Optimise what is hot under load, not what merely ran while the service started: four times HotSpot's own
     * thresholds. Saves an eighth of the start's CPU; under load they are reached within seconds.
     */
    private static final List<String> PATIENT_OPTIMISER = List.of(
            "-XX:Tier4InvocationThreshold=20000",
            "-XX:Tier4MinInvocationThreshold=2400",
            "-XX:Tier4CompileThreshold=60000",
            "-XX:Tier4BackEdgeThreshold=160000");

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
        return new ServiceJar(
                project.resolve(module).resolve("target").resolve(module + ".jar"),
                Stream.concat(PATIENT_OPTIMISER.stream(), Stream.of(flags)).toList());
    }

    void require() {
        if (!Files.isRegularFile(jar)) {
            throw new StackException(jar + " is missing", "./firebreak builds it; by hand: mvn -DskipTests package");
        }
    }
}
