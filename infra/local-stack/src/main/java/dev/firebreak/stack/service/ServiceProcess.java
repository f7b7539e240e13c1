package dev.firebreak.stack.service;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.process.CleanEnvironment;
import dev.firebreak.stack.process.PartLog;
import dev.firebreak.stack.process.PartProcess;
import dev.firebreak.stack.process.PartStep;
import dev.firebreak.stack.process.ProcessMark;
import dev.firebreak.stack.process.Signal;
import dev.firebreak.stack.process.StepOutput;
import dev.firebreak.stack.process.Wait;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One service of ours: its migrate step, its JVM, its readiness. */
public final class ServiceProcess {
    private static final Duration POLL = Duration.ofMillis(100);

    /** Longer than a service lets its last requests finish; then it is killed. */
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(15);

    private static final Duration MIGRATE_DEADLINE = Duration.ofSeconds(120);

    private static final Duration MODE_DEADLINE = Duration.ofSeconds(60);

    private final Part part;
    private final StackFolder folder;
    private final Ports ports;
    private final ServiceJar jar;
    private final List<String> extraFlags;
    private final HttpClient http;
    private final InstantSource clock;
    private final PartProcess process;
    private final PartStep migration;

    /**
     * @param project where the reactor's modules have their jars
     * @param extraFlags JVM flags after the usual ones, so that they win
     */
    public ServiceProcess(
            Part part,
            StackFolder folder,
            Ports ports,
            Path project,
            List<String> extraFlags,
            HttpClient http,
            InstantSource clock) {
        this.part = part;
        this.folder = folder;
        this.ports = ports;
        this.jar = ServiceJar.of(part, project);
        this.extraFlags = List.copyOf(extraFlags);
        this.http = http;
        this.clock = clock;
        this.process = new PartProcess(
                part, folder, ports.of(part), new ProcessMark("java", location(folder.config(part))), Signal.TERM);
        this.migration = new PartStep(new ProcessMark("java", location(folder.migrationConfig(part))));
    }

    public PartProcess process() {
        return process;
    }

    /** Its migrate step. */
    public PartStep step() {
        return migration;
    }

    /** Fails when there is nothing to start. */
    public void requireJar() {
        jar.require();
    }

    /** Starts the JVM and returns at once: {@link #awaitReady} tells when it serves. */
    public void start() {
        process.start(command(location(folder.config(part)), serviceFlags(), List.of()), Map.of());
    }

    /** Brings the service's schema up to date with the migration role, in a process of its own that ends. */
    public void migrate() {
        PartLog log = new PartLog(folder.migrationLog(part));
        long begin = log.open();
        List<String> command = command(
                location(folder.migrationConfig(part)), ServiceJar.MIGRATION_FLAGS, List.of("--firebreak.run=migrate"));
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.root().toFile())
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(folder.migrationLog(part).toFile()));
            CleanEnvironment.apply(builder);
            int status = migration
                    .run(builder, MIGRATE_DEADLINE)
                    .orElseThrow(() -> migrationFailure(
                            log, begin, "did not finish within " + MIGRATE_DEADLINE.toSeconds() + " s"));
            if (status != 0) {
                throw migrationFailure(log, begin, "failed with exit status " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run the migrate step of " + part.id(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + part.id() + " migrated", e);
        }
    }

    /**
     * Runs another mode of the service's jar to its end. Under the mark of the migrate step, so that the service itself is
     * not mistaken for it, and with nothing of it in a log: what it says may be a secret.
     *
     * @param arguments the mode and what it wants to know
     */
    public StepOutput runMode(List<String> arguments) {
        List<String> command = command(location(folder.migrationConfig(part)), ServiceJar.MIGRATION_FLAGS, arguments);
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.root().toFile())
                    .redirectInput(new File("/dev/null"));
            CleanEnvironment.apply(builder);
            return migration
                    .capture(builder, MODE_DEADLINE)
                    .orElseThrow(() -> new StackException(
                            arguments.getFirst() + " of " + part.id() + " did not finish within "
                                    + MODE_DEADLINE.toSeconds() + " s",
                            "./firebreak status shows what is down"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + arguments.getFirst() + " of " + part.id(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + part.id() + " ran", e);
        }
    }

    /** Health now; empty when nobody answers. */
    public Optional<Health> health() {
        return Health.fetch(http, ports.of(part));
    }

    /** Returns when it serves; fails when it ends first or {@code deadline} passes. */
    public void awaitReady(Duration deadline) {
        boolean ready = Wait.until(deadline, POLL, () -> {
            process.requireAlive();
            return health().filter(Health::ready).isPresent();
        });
        if (!ready) {
            String last = health().map(health -> "says " + health.word() + " " + health.reasons())
                    .orElse("does not answer on port " + ports.of(part));
            throw process.failure(part.id() + " is not ready after " + deadline.toSeconds() + " s: it " + last);
        }
    }

    public void stop() {
        migration.kill();
        process.stop(STOP_DEADLINE);
    }

    private List<String> command(String location, List<String> flags, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ServiceJar.COMMON_FLAGS);
        command.addAll(flags);
        command.addAll(List.of("-jar", UnpackedJar.of(jar.jar(), clock).toString(), location));
        command.addAll(arguments);
        return command;
    }

    private List<String> serviceFlags() {
        return Stream.concat(jar.flags().stream(), extraFlags.stream()).toList();
    }

    private StackException migrationFailure(PartLog log, long begin, String how) {
        return new StackException(
                "the migrate step of " + part.id() + " " + how,
                "mend what the log says, then: ./firebreak up",
                log.excerpt(begin, 10),
                folder.migrationLog(part),
                null);
    }

    private static String location(Path config) {
        return "--spring.config.additional-location=file:" + config;
    }
}
