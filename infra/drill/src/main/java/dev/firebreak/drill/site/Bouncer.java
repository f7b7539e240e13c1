package dev.firebreak.drill.site;

import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.postgres.UserNamespace;
import dev.firebreak.stack.process.Programs;
import dev.firebreak.stack.process.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A PgBouncer in transaction mode, as deployments with many nodes have it; the system's own program. */
public final class Bouncer implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Path settings;
    private final Path log;
    private final int port;
    private @Nullable Process process;

    private Bouncer(Path settings, Path log, int port) {
        this.settings = settings;
        this.log = log;
        this.port = port;
        Runtime.getRuntime().addShutdownHook(new Thread(this::kill, "stop-pgbouncer"));
    }

    /** The program, if this machine has it. */
    public static Optional<Path> program() {
        return Programs.find("pgbouncer");
    }

    /**
     * Writes its settings and starts it.
     *
     * @param serverPort where the database is
     * @param sessions that it opens there at most
     */
    static Bouncer start(Path folder, int serverPort, String database, String user, String password, int sessions) {
        try {
            int port = freePort();
            Path users = secret(folder.resolve("pgbouncer-users.txt"), "\"" + user + "\" \"" + password + "\"\n");
            Path settings =
                    secret(folder.resolve("pgbouncer.ini"), """
                    [databases]
                    %s = host=127.0.0.1 port=%d
                    [pgbouncer]
                    listen_addr = 127.0.0.1
                    listen_port = %d
                    unix_socket_dir =
                    auth_type = scram-sha-256
                    auth_file = %s
                    pool_mode = transaction
                    default_pool_size = %d
                    query_wait_timeout = 2
                    """.formatted(database, serverPort, port, users, sessions));
            Bouncer bouncer = new Bouncer(settings, folder.resolve("pgbouncer.log"), port);
            bouncer.start();
            return bouncer;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the settings of PgBouncer", e);
        }
    }

    int port() {
        return port;
    }

    /** Starts it, again after {@link #kill}, and returns when it accepts connections. */
    public synchronized void start() {
        Path program = program()
                .orElseThrow(() -> new StackException("PgBouncer is not installed", "apt-get install pgbouncer"));
        // It refuses to run as root, as PostgreSQL does.
        List<String> command = new ArrayList<>(UserNamespace.prefix());
        command.addAll(List.of(program.toString(), settings.toString()));
        try {
            Process started = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log.toFile()))
                    .start();
            process = started;
            if (!Wait.until(START, POLL, () -> !started.isAlive() || accepts()) || !started.isAlive()) {
                throw new StackException("PgBouncer did not start", "see " + log);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start PgBouncer", e);
        }
    }

    /** SIGKILL. */
    public synchronized void kill() {
        if (process != null) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.onExit().join();
            process = null;
        }
    }

    @Override
    public void close() {
        kill();
    }

    private boolean accepts() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static Path secret(Path file, String text) throws IOException {
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
