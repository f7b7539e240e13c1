package dev.firebreak.drill.site;

import dev.firebreak.stack.Stack;
import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.StackException;
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
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The control's own process and database. Its one database lies in the cluster that also authenticates, as it did then. */
final class ControlProcess implements AutoCloseable {
    static final String DATABASE = "drill_control";

    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Process process;
    private final int port;
    private final String directUrl;
    private final Path password;
    private final Thread hook;

    private ControlProcess(Process process, int port, String directUrl, Path password) {
        this.process = process;
        this.port = port;
        this.directUrl = directUrl;
        this.password = password;
        this.hook = new Thread(process::destroyForcibly, "stop-control");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** @param databasePort where it finds its database */
    static ControlProcess start(Path project, Stack stack, int databasePort) {
        Path jar = project.resolve("infra/drill-control/target/drill-control.jar");
        if (!Files.isRegularFile(jar)) {
            throw new StackException(jar + " is missing", "./firebreak builds it; by hand: mvn -DskipTests package");
        }
        try {
            Path password = createDatabase(stack);
            int port = freePort();
            Path log = stack.folder().logs().resolve("drill-control.log");
            Process process = new ProcessBuilder(List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-XX:+UseSerialGC",
                            "-jar",
                            jar.toString(),
                            Integer.toString(port),
                            url(databasePort),
                            DATABASE,
                            password.toString(),
                            Integer.toString(Subject.POOL_SIZE)))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.appendTo(log.toFile()))
                    .start();
            ControlProcess control =
                    new ControlProcess(process, port, url(stack.ports().authDb()), password);
            control.awaitListening(log);
            return control;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start the control", e);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot make the control's database", e);
        }
    }

    int port() {
        return port;
    }

    /** Tasks in its database, asked past the fault proxy. */
    int tasks() {
        try (Connection connection = DriverManager.getConnection(
                        directUrl, DATABASE, Files.readString(password).strip());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM task")) {
            rows.next();
            return rows.getInt(1);
        } catch (IOException | SQLException e) {
            throw new IllegalStateException("cannot look for the control's writes", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        Runtime.getRuntime().removeShutdownHook(hook);
    }

    private void awaitListening(Path log) {
        boolean listening = Wait.until(START, POLL, () -> !process.isAlive() || accepts(port));
        if (!listening || !process.isAlive()) {
            close();
            throw new StackException("the control did not start", "see " + log);
        }
    }

    private static String url(int port) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
    }

    private static boolean accepts(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private static Path createDatabase(Stack stack) throws IOException, SQLException {
        String password = UUID.randomUUID().toString();
        Path file = stack.folder().secrets().resolve("drill-control.password");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, password + "\n");
        try (Connection connection = stack.connect(Part.AUTH_DB);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + DATABASE + " WITH (FORCE)");
            statement.execute("DROP ROLE IF EXISTS " + DATABASE);
            statement.execute("CREATE ROLE " + DATABASE + " LOGIN PASSWORD '" + password + "'");
            statement.execute("CREATE DATABASE " + DATABASE + " OWNER " + DATABASE);
        }
        return file;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
