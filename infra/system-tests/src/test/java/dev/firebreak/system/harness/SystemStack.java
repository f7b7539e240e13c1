package dev.firebreak.system.harness;

import dev.firebreak.stack.PartStatus;
import dev.firebreak.stack.Stack;
import dev.firebreak.stack.StackOptions;
import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.process.Processes;
import dev.firebreak.system.clock.TestClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one real stack of the run: two PostgreSQL clusters and three services out of the reactor's jars, on free ports, in a
 * temporary folder, under the production defaults of every setting but the limits by client address. Parts are stopped, killed, hung and started through
 * this class, so that {@link #heal} knows what to mend after a test.
 */
public final class SystemStack {
    static final Path KEPT_LOGS = Path.of("target", "system-logs").toAbsolutePath();

    private static final Duration HEALED_WITHIN = Duration.ofSeconds(120);
    private static final List<Part> START_ORDER =
            List.of(Part.AUTH_DB, Part.TASKS_DB, Part.AUTH_SERVER, Part.TASK_SERVICE, Part.GATEWAY);

    private final Path folder;
    private final TestClock clock;
    private final Stack stack;
    private final Users users;
    private final Set<Long> everStarted = ConcurrentHashMap.newKeySet();
    private boolean over;

    SystemStack() {
        try {
            folder = Files.createTempDirectory("firebreak-system-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        clock = new TestClock(folder);
        StackOptions.Builder options = StackOptions.builder(repository())
                .folder(folder.resolve("state"))
                .clock(clock)
                .ports(Ports.free(Figures.random("ports")));
        for (Part part : List.of(Part.AUTH_SERVER, Part.TASK_SERVICE, Part.GATEWAY)) {
            options.jvm(part, clock.jvmOption());
        }
        // All clients of all tests share one address, so what limits an address would limit the suite.
        options.set(Part.GATEWAY, "gateway.rate-limit.login-starts", 1000);
        options.set(Part.GATEWAY, "gateway.rate-limit.password-attempts", 1000);
        options.set(Part.GATEWAY, "gateway.rate-limit.token-requests", 1000);
        options.set(Part.GATEWAY, "gateway.rate-limit.failed-tokens", 1000);
        options.set(Part.AUTH_SERVER, "auth.sign-in-limits.address-attempts", 100_000);
        stack = Stack.of(options.build());
        users = new Users(this);
    }

    void up() {
        long start = System.nanoTime();
        stack.up();
        Figures.record("Stack", "start of the shared stack, until every part is ready", since(start));
        remember();
    }

    /** Root of the working tree with the built jars. */
    public static Path repository() {
        return Path.of(System.getProperty("firebreak.repository", "../.."))
                .toAbsolutePath()
                .normalize();
    }

    // Addresses

    /** Where browsers and API clients come in. */
    public URI origin() {
        return URI.create(stack.ports().publicOrigin());
    }

    /** A part's own main port, past the gateway. */
    public URI direct(Part part) {
        return URI.create("http://127.0.0.1:" + stack.ports().of(part));
    }

    public Ports ports() {
        return stack.ports();
    }

    public String issuer() {
        return origin() + "/auth";
    }

    /** Where this stack keeps everything, like a developer's {@code .firebreak}. */
    public Path state() {
        return stack.folder().root();
    }

    public Path clientKey(String clientId) {
        return stack.folder().clientKey(clientId);
    }

    public Path config(Part part) {
        return stack.folder().config(part);
    }

    public Path log(Part part) {
        return stack.folder().log(part);
    }

    public Path password(String role) {
        return stack.folder().password(role);
    }

    // Clients

    public TestClock clock() {
        return clock;
    }

    public Users users() {
        return users;
    }

    /** A fresh browser. */
    public Browser browser() {
        return new Browser(origin(), clock);
    }

    /** A program at the gateway; null for one without a token. */
    public ApiClient api(@Nullable String token) {
        return new ApiClient(origin(), token);
    }

    /** A superuser's connection to a cluster; the caller closes it. */
    public Connection superuser(Part database) {
        try {
            return stack.connect(database);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot connect to " + database.id(), e);
        }
    }

    // Faults

    public void stop(Part part) {
        stack.stop(part);
    }

    /** SIGKILL to the part and all its processes. */
    public void kill(Part part) {
        stack.kill(part);
    }

    /** SIGSTOP: the part keeps its sockets and answers nothing. */
    public void hang(Part part) {
        stack.suspend(part);
    }

    public void wake(Part part) {
        stack.resume(part);
    }

    /** Starts a part without waiting for it. */
    public void start(Part part) {
        stack.start(part);
        remember();
    }

    /** Starts a part and waits until it serves; answers how long that took. */
    public Duration startAndAwait(Part part) {
        long start = System.nanoTime();
        start(part);
        stack.awaitReady(part, HEALED_WITHIN);
        return since(start);
    }

    public void awaitReady(Part part) {
        stack.awaitReady(part, HEALED_WITHIN);
    }

    public PartStatus status(Part part) {
        return stack.status(part);
    }

    /**
     * After the clock has jumped: returns when every process has read anew what must not be old, that is the verifiers
     * their trust data and the authorization server its signing keys, so that it signs again.
     */
    public void awaitFresh() {
        for (Part part : List.of(Part.AUTH_SERVER, Part.TASK_SERVICE, Part.GATEWAY)) {
            ApiClient anybody = new ApiClient(direct(part), null);
            Await.until(
                    part.id() + " is at ease with the time",
                    HEALED_WITHIN,
                    () -> anybody.get("/readyz"),
                    health -> health.json().path("status").asString().equals("ok"));
        }
        Await.until(
                "tokens are signed",
                HEALED_WITHIN,
                () -> users.token(users.clientCredentialsForm("demo-service", "tasks:read")),
                answer -> answer.status() == 200);
    }

    /** Mends whatever a test broke and returns when every part is ready; a part that cannot be mended fails the test. */
    public void heal() {
        if (over) {
            return;
        }
        for (Part part : START_ORDER) {
            PartStatus.State state = stack.status(part).state();
            if (state == PartStatus.State.SUSPENDED) {
                stack.resume(part);
            } else if (state == PartStatus.State.STOPPED) {
                stack.start(part);
            }
        }
        remember();
        START_ORDER.forEach(part -> stack.awaitReady(part, HEALED_WITHIN));
    }

    // The end

    /** Stops everything; nothing is mended any more. */
    public void down() {
        over = true;
        stack.down();
    }

    /** Processes that this stack started, or that run out of its folder, and still live. */
    public Set<String> leftovers() {
        Set<String> left = new LinkedHashSet<>();
        ProcessHandle.allProcesses()
                .filter(process -> everStarted.contains(process.pid()) || mentionsFolder(process.pid()))
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .forEach(process ->
                        left.add(process.pid() + " " + process.info().command().orElse("?")));
        return left;
    }

    /** Stops everything, keeps the logs where a build server collects them, and deletes the rest. */
    void end() {
        down();
        try {
            Files.createDirectories(KEPT_LOGS);
            try (Stream<Path> logs = Files.list(stack.folder().logs())) {
                for (Path log : logs.toList()) {
                    Files.copy(log, KEPT_LOGS.resolve(log.getFileName()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void remember() {
        for (PartStatus status : stack.status()) {
            status.pid().ifPresent(pid -> {
                everStarted.add(pid);
                ProcessHandle.of(pid).stream()
                        .flatMap(ProcessHandle::descendants)
                        .forEach(child -> everStarted.add(child.pid()));
            });
        }
    }

    private boolean mentionsFolder(long pid) {
        return String.join(" ", Processes.commandLine(pid)).contains(folder.toString());
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
