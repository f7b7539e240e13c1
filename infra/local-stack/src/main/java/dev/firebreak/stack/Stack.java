package dev.firebreak.stack;

import dev.firebreak.stack.PartStatus.State;
import dev.firebreak.stack.config.ClientRegistrations;
import dev.firebreak.stack.config.PartConfig;
import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.ops.DemoAccounts;
import dev.firebreak.stack.ops.OpsClient;
import dev.firebreak.stack.postgres.PostgresBinaries;
import dev.firebreak.stack.postgres.PostgresCluster;
import dev.firebreak.stack.process.PartProcess;
import dev.firebreak.stack.process.Wait;
import dev.firebreak.stack.secrets.StackSecrets;
import dev.firebreak.stack.service.Health;
import dev.firebreak.stack.service.ServiceProcess;
import dev.firebreak.trust.retry.PatientHttp;
import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Two databases and three services on one machine, as one thing and part by part. Commands, system tests and drills drive
 * it. Processes outlive the object that started them; another one for the same folder finds them again. {@link #up} and
 * {@link #down} of one folder exclude each other over processes; the orders on single parts are for one thread.
 */
public final class Stack implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LOCK_DEADLINE = Duration.ofSeconds(2);

    /** A launcher that was asked to end first stops its parts. */
    private static final Duration LAUNCHER_DEADLINE = Duration.ofSeconds(60);

    private final StackOptions options;
    private final StackFolder folder;
    private final Ports ports;
    private final Launcher launcher;
    private final Map<Part, PostgresCluster> clusters = new EnumMap<>(Part.class);
    private final Map<Part, ServiceProcess> services = new EnumMap<>(Part.class);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private volatile Together starting = new Together();

    private Stack(StackOptions options) {
        this.options = options;
        this.folder = options.folder();
        this.ports = options.ports();
        this.launcher = new Launcher(folder);
        for (Part part : Part.values()) {
            if (part.isDatabase()) {
                clusters.put(part, new PostgresCluster(part, folder, ports.of(part)));
            } else {
                services.put(
                        part,
                        new ServiceProcess(
                                part, folder, ports, options.project(), options.flagsOf(part), http, options.clock()));
            }
        }
    }

    /** A stack with these options; touches nothing yet. */
    public static Stack of(StackOptions options) {
        return new Stack(options);
    }

    /**
     * Starts everything and returns when every part serves. Leftovers of an earlier start are stopped first. On failure
     * everything is stopped again. Until {@link #detach}, the end of this JVM ends the stack.
     */
    public void up() {
        Preflight.requirePlatform();
        services.values().forEach(ServiceProcess::requireJar);
        folder.create();
        try (StackLock _ = StackLock.take(folder, LOCK_DEADLINE)) {
            requireNoneRunsWhenFresh();
            stopParts();
            launcher.attach(this::abandon);
            try {
                prepare();
                startParts();
            } catch (RuntimeException e) {
                stopParts();
                if (!launcher.detach()) {
                    throw new StackException("stopped while it was starting", "start again: ./firebreak up", e);
                }
                throw e;
            }
        }
    }

    /** From now on the stack outlives this JVM. */
    public void detach() {
        launcher.detach();
    }

    /** Stops every part, from whatever state, also when another launcher is at work or has crashed. */
    public void down() {
        launcher.stopOther(LAUNCHER_DEADLINE);
        folder.create();
        try (StackLock _ = StackLock.take(folder, LAUNCHER_DEADLINE)) {
            stopParts();
        }
        launcher.detach();
    }

    /** Stops what this object started. */
    @Override
    public void close() {
        down();
    }

    /** Starts one part. A database accepts connections on return; a service has only begun: see {@link #awaitReady}. */
    public void start(Part part) {
        Preflight.requireFree(part, ports);
        if (part.isDatabase()) {
            cluster(part).start(binaries());
        } else {
            service(part).start();
        }
    }

    /** Ends one part in good order. */
    public void stop(Part part) {
        if (part.isDatabase()) {
            cluster(part).stop();
        } else {
            service(part).stop();
        }
    }

    /** SIGKILL to one part and all it started: a crash. */
    public void kill(Part part) {
        process(part).kill();
    }

    /** SIGSTOP: the part hangs, with its sockets open. */
    public void suspend(Part part) {
        process(part).suspend();
    }

    /** SIGCONT. */
    public void resume(Part part) {
        process(part).resume();
    }

    /** Stops, starts and waits until the part serves again. */
    public void restart(Part part) {
        stop(part);
        start(part);
        awaitReady(part);
    }

    /** Runs a service's migrate step. */
    public void migrate(Part service) {
        service(service).migrate();
    }

    /** Returns when the part serves; fails when it ends first or the start deadline passes. */
    public void awaitReady(Part part) {
        awaitReady(part, options.startDeadline());
    }

    public void awaitReady(Part part, Duration deadline) {
        if (!part.isDatabase()) {
            service(part).awaitReady(deadline);
        } else if (!Wait.until(deadline, POLL, () -> cluster(part).accepts())) {
            throw process(part)
                    .failure(part.id() + " does not accept connections after " + deadline.toSeconds() + " s");
        }
    }

    /** Returns when the part does not serve any more, whether it runs or not. */
    public void awaitNotReady(Part part, Duration deadline) {
        if (!Wait.until(deadline, POLL, () -> status(part).state() != State.READY)) {
            throw new StackException(
                    part.id() + " still serves after " + deadline.toSeconds() + " s", "look at its log");
        }
    }

    /** Every part, as it is now; all are asked at the same time. */
    public List<PartStatus> status() {
        return Arrays.stream(Part.values()).parallel().map(this::status).toList();
    }

    /** One part, as it is now. */
    public PartStatus status(Part part) {
        int port = process(part).recordedPort().orElse(ports.of(part));
        return process(part)
                .find()
                .map(identity -> new PartStatus(
                        part,
                        identity.isSuspended() ? State.SUSPENDED : serves(part) ? State.READY : State.NOT_READY,
                        OptionalLong.of(identity.pid()),
                        port,
                        Optional.of(Duration.between(
                                identity.startedAt(), options.clock().instant()))))
                .orElseGet(() -> new PartStatus(part, State.STOPPED, OptionalLong.empty(), port, Optional.empty()));
    }

    /** Whether any part has a process. */
    public boolean runs() {
        return Arrays.stream(Part.values()).anyMatch(this::runs);
    }

    /** Whether this part has a process. */
    public boolean runs(Part part) {
        return process(part).find().isPresent();
    }

    /** Health of a service in its own words; empty when it does not answer. */
    public Optional<Health> health(Part service) {
        return service(service).health();
    }

    /** A superuser's connection to the database of a cluster. */
    public Connection connect(Part cluster) throws SQLException {
        return cluster(cluster).connect();
    }

    /** The operators' endpoints, as client {@code operator-cli}, for programs that nobody watches. */
    public OpsClient ops() {
        return ops(wait -> {});
    }

    /**
     * The same for a person.
     *
     * @param busy hears of each wait that a busy server asked for
     */
    public OpsClient ops(Consumer<Duration> busy) {
        return OpsClient.of(folder, ports, PatientHttp.over(http, options.clock(), busy), options.clock());
    }

    public Ports ports() {
        return ports;
    }

    public StackFolder folder() {
        return folder;
    }

    private void requireNoneRunsWhenFresh() {
        if (!options.fresh()) {
            return;
        }
        if (runs()) {
            throw new StackException(
                    "--fresh would wipe the data of a stack that runs", "stop it first: ./firebreak down");
        }
        folder.wipe();
        folder.create();
    }

    /** Everything that the parts will read. */
    private void prepare() {
        Preflight.requireDisk(folder.root());
        for (Part part : Part.values()) {
            Preflight.requireFree(part, ports);
        }
        StackFiles.writePorts(folder, ports);
        StackSecrets secrets = new StackSecrets(folder);
        secrets.create();
        new ClientRegistrations(folder, ports, secrets).write();
        PartConfig config = new PartConfig(folder, ports);
        services.keySet().forEach(part -> config.write(part, options.settingsOf(part)));
    }

    private void startParts() {
        PostgresBinaries binaries = binaries();
        starting = new Together();
        starting.run(List.of(
                () -> {
                    startDatabase(Part.AUTH_DB, binaries);
                    startService(Part.AUTH_SERVER, true);
                    if (options.demoAccounts()) {
                        DemoAccounts.create(ops(wait ->
                                options.progress().report(Part.AUTH_SERVER.id(), "is busy, will be asked again")));
                        options.progress().report("stack", "has its demo accounts");
                    }
                },
                () -> {
                    startDatabase(Part.TASKS_DB, binaries);
                    startService(Part.TASK_SERVICE, true);
                },
                () -> startService(Part.GATEWAY, false)));
    }

    private void startDatabase(Part part, PostgresBinaries binaries) {
        cluster(part).start(binaries);
        cluster(part).grant();
        options.progress().report(part.id(), "accepts connections on port " + ports.of(part));
    }

    private void startService(Part part, boolean migrates) {
        if (migrates) {
            service(part).migrate();
            options.progress().report(part.id(), "has its schema");
        }
        service(part).start();
        service(part).awaitReady(options.startDeadline());
        options.progress().report(part.id(), "is ready on port " + ports.of(part));
    }

    /** In a shutdown hook: whatever is being started is given up, then all goes. */
    private void abandon() {
        starting.close();
        stopParts();
    }

    /** From the outside in, so that nobody sees an error of the parts behind. */
    private void stopParts() {
        stopTogether(List.of(Part.GATEWAY));
        stopTogether(List.of(Part.AUTH_SERVER, Part.TASK_SERVICE));
        stopTogether(List.of(Part.AUTH_DB, Part.TASKS_DB));
    }

    private void stopTogether(List<Part> parts) {
        List<Runnable> work = new ArrayList<>();
        for (Part part : parts) {
            if (process(part).find().isPresent()) {
                work.add(() -> {
                    stop(part);
                    options.progress().report(part.id(), "has stopped");
                });
            }
        }
        try (Together stopping = new Together()) {
            stopping.run(work);
        }
    }

    private boolean serves(Part part) {
        return part.isDatabase()
                ? cluster(part).accepts()
                : service(part).health().filter(Health::ready).isPresent();
    }

    private PostgresBinaries binaries() {
        return PostgresBinaries.unpack(options.cache(), options.clock());
    }

    private PartProcess process(Part part) {
        return part.isDatabase() ? cluster(part).process() : service(part).process();
    }

    private PostgresCluster cluster(Part part) {
        PostgresCluster cluster = clusters.get(part);
        if (cluster == null) {
            throw new IllegalArgumentException(part + " is no database");
        }
        return cluster;
    }

    private ServiceProcess service(Part part) {
        ServiceProcess service = services.get(part);
        if (service == null) {
            throw new IllegalArgumentException(part + " is no service");
        }
        return service;
    }
}
