package dev.firebreak.stack;

import dev.firebreak.contracts.capacity.ServerLimits;
import dev.firebreak.stack.PartStatus.State;
import dev.firebreak.stack.config.ClientRegistrations;
import dev.firebreak.stack.config.PartConfig;
import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.ops.DemoAccounts;
import dev.firebreak.stack.ops.KeysClient;
import dev.firebreak.stack.ops.OpsClient;
import dev.firebreak.stack.ops.RevocationsClient;
import dev.firebreak.stack.postgres.PostgresBinaries;
import dev.firebreak.stack.postgres.PostgresCluster;
import dev.firebreak.stack.process.PartProcess;
import dev.firebreak.stack.process.PartStep;
import dev.firebreak.stack.process.StepOutput;
import dev.firebreak.stack.process.Wait;
import dev.firebreak.stack.secrets.StackSecrets;
import dev.firebreak.stack.service.Health;
import dev.firebreak.stack.service.ServiceProcess;
import dev.firebreak.trust.retry.PatientHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

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
    private final ToLongFunction<Path> usableBytes;
    private final StackFolder folder;
    private final Ports ports;
    private final Launcher launcher;
    private final Map<Part, PostgresCluster> clusters = new EnumMap<>(Part.class);
    private final Map<Part, ServiceProcess> services = new EnumMap<>(Part.class);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();

    /** Held while this object moves the whole stack; the file's lock keeps out other processes, this one our own hook. */
    private final ReentrantLock moving = new ReentrantLock();

    private @Nullable Together starting;
    private boolean abandoned;

    private Stack(StackOptions options, ToLongFunction<Path> usableBytes) {
        this.options = options;
        this.usableBytes = usableBytes;
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
        return of(options, Preflight::usableBytes);
    }

    /** A test says how full the disk is. */
    static Stack of(StackOptions options, ToLongFunction<Path> usableBytes) {
        return new Stack(options, usableBytes);
    }

    /**
     * Starts everything and returns when every part serves. Leftovers of an earlier start are stopped first. On failure
     * everything is stopped again. Until {@link #detach}, the end of this JVM ends the stack. A launcher that still holds
     * an earlier stack of this folder in its foreground is ended, so that it cannot stop this one later.
     */
    public void up() {
        Preflight.requirePlatform();
        services.values().forEach(ServiceProcess::requireJar);
        if (!options.fresh()) {
            // Before the first byte is written: a full disk must not leave half a state behind.
            Preflight.requireDisk(folder.root(), usableBytes);
        }
        folder.create();
        moving.lock();
        try (StackLock _ = StackLock.take(folder, LOCK_DEADLINE)) {
            requireNoneRunsWhenFresh();
            stopParts();
            launcher.stopOther(LAUNCHER_DEADLINE);
            launcher.attach(this::abandon);
            try {
                prepare();
                startParts();
            } catch (RuntimeException e) {
                stopParts();
                if (!launcher.detach()) {
                    throw stoppedMeanwhile(e);
                }
                throw e;
            }
        } finally {
            moving.unlock();
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
        moving.lock();
        try (StackLock _ = StackLock.take(folder, LAUNCHER_DEADLINE)) {
            stopParts();
        } finally {
            moving.unlock();
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

    /**
     * Runs the authorization server's step that makes the first operator; needs its database and nothing else.
     *
     * @return what it said: the link, or why there is none
     */
    public StepOutput bootstrapOperator(String email) {
        return service(Part.AUTH_SERVER).runMode(List.of("--firebreak.run=bootstrap-operator", "--email=" + email));
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

    /** How many connections a cluster grants its service. */
    public ServerLimits limits(Part cluster) {
        try {
            return cluster(cluster).limits();
        } catch (SQLException e) {
            throw new StackException(
                    cluster.id() + " cannot be asked for its connection limits: " + e.getMessage(),
                    "./firebreak logs " + cluster.id() + " tells why",
                    e);
        }
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

    /** Signing keys and refresh keys, as client {@code operator-cli}. */
    public KeysClient keys(Consumer<Duration> busy) {
        return KeysClient.of(
                folder,
                ports.publicOrigin(),
                URI.create("http://127.0.0.1:" + ports.authInternal()),
                PatientHttp.over(http, options.clock(), busy),
                options.clock());
    }

    /** Sessions, users, clients and tokens to be taken back, as client {@code operator-cli}. */
    public RevocationsClient revocations(Consumer<Duration> busy) {
        return RevocationsClient.of(
                folder,
                ports.publicOrigin(),
                URI.create("http://127.0.0.1:" + ports.authInternal()),
                PatientHttp.over(http, options.clock(), busy),
                options.clock());
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
        if (Arrays.stream(Part.values()).anyMatch(this::isBusy)) {
            throw new StackException(
                    "--fresh would wipe the data of a stack that runs", "stop it first: ./firebreak down");
        }
        folder.wipe();
        folder.create();
        // Only now: what was wiped may be what filled the disk.
        Preflight.requireDisk(folder.root(), usableBytes);
    }

    /** Everything that the parts will read. */
    private void prepare() {
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
        begin().run(List.of(
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

    private synchronized Together begin() {
        if (abandoned) {
            throw stoppedMeanwhile(null);
        }
        starting = new Together();
        return starting;
    }

    private synchronized Optional<Together> giveUp() {
        abandoned = true;
        return Optional.ofNullable(starting);
    }

    /**
     * In a shutdown hook: whatever is being started is given up, then all goes, under the same lock as any other start or
     * stop. Our own {@link #up} lets go of it first, as it has been given up. When another launcher has the lock, the
     * stack is its own now: it has stopped our parts already, and what runs was started by it.
     */
    private void abandon() {
        giveUp().ifPresent(Together::close);
        if (!ownMoveEnds()) {
            // It hangs with the lock in its hands: better stopped twice than never.
            stopParts();
            return;
        }
        StackLock lock;
        try {
            lock = StackLock.take(folder, LOCK_DEADLINE);
        } catch (StackException takenOver) {
            options.progress().report("stack", "is left to the other launcher");
            return;
        }
        try (lock) {
            stopParts();
        }
    }

    /** From then on this object moves nothing any more: nobody unlocks, this JVM is ending. */
    private boolean ownMoveEnds() {
        try {
            return moving.tryLock(LAUNCHER_DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static StackException stoppedMeanwhile(@Nullable Throwable cause) {
        return new StackException(
                "stopped while it was starting", "start again: ./firebreak up", List.of(), null, cause);
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
            if (isBusy(part)) {
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

    /** It runs, or a crashed launcher's initdb or migrate step is still at work for it. */
    private boolean isBusy(Part part) {
        return runs(part) || step(part).find().isPresent();
    }

    PartStep step(Part part) {
        return part.isDatabase() ? cluster(part).step() : service(part).step();
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
