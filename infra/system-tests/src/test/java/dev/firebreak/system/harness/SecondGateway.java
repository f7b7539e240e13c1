package dev.firebreak.system.harness;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * One more gateway node with the settings of the first and some changed, on a port of its own. Its public origin stays the
 * first one's, as behind a load balancer, so cookies are good at both.
 */
public final class SecondGateway implements AutoCloseable {
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    private final Process process;
    private final int port;

    /** Starts it and waits until it serves. */
    public SecondGateway(SystemStack stack, Map<String, String> changes) {
        Ports ports = Ports.free(Figures.random("second gateway " + System.nanoTime()));
        port = ports.gateway();
        Path log = stack.state().resolve("logs").resolve("gateway-2.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                stack.clock().jvmOption(),
                "-jar",
                SystemStack.repository().resolve("gateway/target/gateway.jar").toString(),
                "--spring.config.additional-location=file:" + stack.config(Part.GATEWAY),
                "--server.port=" + port,
                "--management.server.port=" + ports.gatewayManagement(),
                "--firebreak.node=gateway-2",
                "--firebreak.trust.state-folder="
                        + stack.state().resolve("state").resolve("gateway-2")));
        changes.forEach((key, value) -> command.add("--" + key + "=" + value));
        try {
            process = new ProcessBuilder(command)
                    .directory(stack.state().toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Await.until(
                    "second gateway ready, see " + log,
                    READY_WITHIN,
                    () -> Wire.send("GET", uri().resolve("/readyz"), Map.of(), null),
                    answer -> answer.status() == 200);
        } catch (AssertionError e) {
            close();
            throw e;
        }
    }

    /** Its own address; {@code localhost}, the name that cookies know. */
    public URI uri() {
        return URI.create("http://localhost:" + port);
    }

    public int port() {
        return port;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(15, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}
