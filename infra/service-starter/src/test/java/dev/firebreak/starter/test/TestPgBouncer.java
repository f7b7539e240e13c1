package dev.firebreak.starter.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The distribution's PgBouncer in transaction mode in front of a cluster, scram-sha-256 on both sides. */
public final class TestPgBouncer implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(30);

    private final Process process;
    private final int port;

    private TestPgBouncer(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one.
     *
     * @param folder for its files
     * @param serverPort of the cluster
     * @param sessions connections that it opens to the cluster at most
     */
    public static TestPgBouncer start(
            Path folder, int serverPort, String database, String user, String password, int sessions) {
        try {
            int port = freePort();
            Path users = Files.writeString(
                    folder.resolve("userlist.txt"), "\"%s\" \"%s\"\n".formatted(user, password.replace("\"", "\"\"")));
            Path settings = Files.writeString(
                    folder.resolve("pgbouncer.ini"), """
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
            TestPgBouncer started = new TestPgBouncer(
                    new ProcessBuilder(command(settings))
                            .redirectErrorStream(true)
                            .redirectOutput(folder.resolve("pgbouncer.log").toFile())
                            .start(),
                    port);
            Eventually.within(START, "PgBouncer accepts connections", started::accepts);
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException("PgBouncer did not start", e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    public int port() {
        return port;
    }

    /** It refuses to run as root; in a user namespace it is nobody, as PostgreSQL is in these tests. */
    private static List<String> command(Path settings) throws IOException {
        List<String> command = new ArrayList<>();
        if (Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(program().toString(), settings.toString()));
        return command;
    }

    private static Path program() {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "") + ":/usr/sbin";
        return Stream.of(path.split(":"))
                .map(folder -> Path.of(folder, "pgbouncer"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError(
                                "PgBouncer is not installed, and this is proved by the real one only: apt-get install pgbouncer"));
    }

    private boolean accepts() {
        if (!process.isAlive()) {
            throw new AssertionError("PgBouncer ended with status " + process.exitValue() + ", see its log");
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
