package dev.firebreak.system.harness;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.process.Processes;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One more authorization server on the same database: command line and settings of the first, but for the name and the
 * ports. Nobody is told of it, so whoever wants it asks it. Moved by one thread at a time.
 */
public final class SecondAuthServer implements AutoCloseable {
    public static final String NAME = "auth-server-2";

    private static final Duration READY_WITHIN = Duration.ofSeconds(120);

    /** Longer than a service lets its last requests finish. */
    private static final long STOP_WITHIN_S = 15;

    private final List<String> command;
    private final Path folder;
    private final Path log;
    private final Ports ports;
    private @Nullable Process process;

    /** Learns how the first one was started, which must be running; starts nothing. */
    public SecondAuthServer(SystemStack stack) {
        folder = stack.state();
        log = stack.log(Part.AUTH_SERVER).resolveSibling(NAME + ".log");
        ports = Ports.free(Figures.random("second authorization server"));
        // A copy, because the stack knows the first one by the name of its file.
        Path config = stack.config(Part.AUTH_SERVER).resolveSibling(NAME + ".yaml");
        try {
            Files.copy(stack.config(Part.AUTH_SERVER), config, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        command = new ArrayList<>();
        for (String argument :
                Processes.commandLine(stack.status(Part.AUTH_SERVER).pid().orElseThrow())) {
            command.add(argument.replace(stack.config(Part.AUTH_SERVER).toString(), config.toString()));
        }
        command.addAll(List.of(
                "--firebreak.node=" + NAME,
                "--server.port=" + ports.auth(),
                "--auth.internal.port=" + ports.authInternal(),
                "--management.server.port=" + ports.authManagement()));
    }

    /** Its public face. */
    public URI direct() {
        return URI.create("http://127.0.0.1:" + ports.auth());
    }

    public int internalPort() {
        return ports.authInternal();
    }

    /** Starts it and waits until it serves. */
    public void startAndAwait() {
        try {
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until(
                NAME + " ready, see " + log,
                READY_WITHIN,
                () -> Wire.send("GET", direct().resolve("/readyz"), Map.of(), null),
                answer -> answer.status() == 200);
    }

    /** SIGKILL; returns when it is gone. */
    public void kill() {
        end(true);
    }

    /** In good order, so that nobody goes on counting on it. */
    @Override
    public void close() {
        end(false);
    }

    private void end(boolean atOnce) {
        if (process == null) {
            return;
        }
        try {
            if (!atOnce) {
                process.destroy();
                process.waitFor(STOP_WITHIN_S, TimeUnit.SECONDS);
            }
            process.destroyForcibly().waitFor();
            process = null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            throw new IllegalStateException("interrupted", e);
        }
    }
}
