package dev.firebreak.stack.postgres;

import dev.firebreak.contracts.capacity.ServerLimits;
import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.process.PartProcess;
import dev.firebreak.stack.process.PartStep;
import dev.firebreak.stack.process.ProcessMark;
import dev.firebreak.stack.process.Signal;
import dev.firebreak.stack.process.Wait;
import dev.firebreak.stack.secrets.Passwords;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** One PostgreSQL cluster of the local stack: own data directory, port and process. */
public final class PostgresCluster {
    private static final String SUPERUSER = "postgres";
    private static final Duration POLL = Duration.ofMillis(50);

    /** A killed cluster first replays its log; no data set of a development machine needs longer. */
    private static final Duration START_DEADLINE = Duration.ofSeconds(60);

    /** Fast shutdown writes a checkpoint; after this the cluster is killed and recovers at its next start. */
    private static final Duration STOP_DEADLINE = Duration.ofSeconds(20);

    /** SQLSTATE class 08: no connection; 57P03: starting up, shutting down or recovering. */
    private static final String CANNOT_CONNECT = "08";

    private static final String NOT_YET = "57P03";
    private static final String WRONG_PASSWORD = "28P01";

    /** On the command line, because there they win over every file and every ALTER SYSTEM. */
    private static final Map<String, String> SETTINGS = Map.ofEntries(
            // Nothing acknowledged is lost: said aloud, although both are PostgreSQL's own defaults.
            Map.entry("fsync", "on"),
            Map.entry("synchronous_commit", "on"),
            Map.entry("full_page_writes", "on"),
            Map.entry("password_encryption", "scram-sha-256"),
            Map.entry("listen_addresses", "127.0.0.1"),
            // TCP alone: a socket's path would have to be short, and nobody here uses one.
            Map.entry("unix_socket_directories", ""),
            // The application's 60, the migrator's 3, three reserved for the superuser and 5 for monitoring are 71.
            Map.entry("max_connections", "80"),
            Map.entry("shared_buffers", "64MB"),
            Map.entry("max_wal_size", "512MB"),
            Map.entry("jit", "off"),
            Map.entry("timezone", "UTC"),
            Map.entry("log_timezone", "UTC"),
            Map.entry("log_line_prefix", "%m [%p] %u@%d "),
            Map.entry("log_min_duration_statement", "1s"),
            Map.entry("log_lock_waits", "on"));

    private final Part part;
    private final StackFolder folder;
    private final int port;
    private final PartProcess process;
    private final PartStep initdb;
    private final Database database;

    public PostgresCluster(Part part, StackFolder folder, int port) {
        this.part = part;
        this.folder = folder;
        this.port = port;
        this.database = Database.of(part);
        this.process = new PartProcess(
                part,
                folder,
                port,
                new ProcessMark("postgres", folder.data(part).toString()),
                Signal.INT);
        this.initdb = DataDirectory.initdb(folder.data(part));
    }

    public PartProcess process() {
        return process;
    }

    /** What makes its data directory at the first start. */
    public PartStep step() {
        return initdb;
    }

    /** Makes the data directory at the first start, starts the server and returns when it accepts connections. */
    public void start(PostgresBinaries binaries) {
        DataDirectory data = new DataDirectory(folder.data(part), binaries);
        if (data.exists()) {
            data.requireVersion();
            Passwords.require(folder.password(superuserSecret()), folder.data(part));
        } else {
            data.initialise(SUPERUSER, Passwords.create(folder.password(superuserSecret())));
        }
        data.dropStaleLock();
        List<String> command = new ArrayList<>(UserNamespace.prefix());
        command.addAll(List.of(
                binaries.program("postgres"), "-D", folder.data(part).toString(), "-p", Integer.toString(port)));
        SETTINGS.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        process.start(command, Map.of("LC_ALL", "C"));
        awaitAccepting();
    }

    /** Makes the database, its roles and their rights what they should be. */
    public void grant() {
        String migrator = Passwords.readOrCreate(folder.password(database.migrator()));
        String app = Passwords.readOrCreate(folder.password(database.app()));
        DatabaseRoles roles = new DatabaseRoles(database, migrator, app);
        try (Connection postgres = connect("postgres")) {
            roles.createDatabase(postgres);
            try (Connection inside = connect(database.name())) {
                roles.grant(inside);
            }
        } catch (SQLException e) {
            throw new StackException(
                    "cannot set up the roles of " + part.id() + ": " + e.getMessage(),
                    "see " + folder.log(part) + ", then: ./firebreak up",
                    e);
        }
    }

    /** Whether it answers a query within a second; a suspended cluster does not. */
    public boolean accepts() {
        try (Connection connection = connect("postgres")) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    /** What the server grants the running service, asked with the service's own role. */
    public ServerLimits limits() throws SQLException {
        try (Connection connection = connect(database.name(), database.app(), database.app())) {
            return ServerLimits.read(connection);
        }
    }

    public void stop() {
        initdb.kill();
        process.stop(STOP_DEADLINE);
    }

    /** A superuser's connection to the service's database, for tests and drills. */
    public Connection connect() throws SQLException {
        return connect(database.name());
    }

    private Connection connect(String name) throws SQLException {
        return connect(name, SUPERUSER, superuserSecret());
    }

    private Connection connect(String name, String role, String secret) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", role);
        properties.setProperty("password", Passwords.read(folder.password(secret)));
        properties.setProperty("ApplicationName", "firebreak-local-stack");
        properties.setProperty("loginTimeout", "3");
        properties.setProperty("connectTimeout", "2");
        properties.setProperty("socketTimeout", "20");
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        return DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + port + "/" + name, properties);
    }

    private void awaitAccepting() {
        boolean accepting = Wait.until(START_DEADLINE, POLL, () -> {
            process.requireAlive();
            return answers();
        });
        if (!accepting) {
            throw process.failure(part.id() + " did not accept connections on port " + port + " within "
                    + START_DEADLINE.toSeconds() + " s");
        }
    }

    private boolean answers() {
        try (Connection connection = connect("postgres")) {
            return connection.isValid(1);
        } catch (SQLException e) {
            String state = e.getSQLState() == null ? "" : e.getSQLState();
            if (state.startsWith(CANNOT_CONNECT) || state.equals(NOT_YET)) {
                return false;
            }
            if (state.equals(WRONG_PASSWORD)) {
                throw new StackException(
                        part.id() + " does not know the password in " + folder.password(superuserSecret()),
                        "put back the secrets that belong to " + folder.data(part)
                                + ", or start over: ./firebreak up --fresh",
                        e);
            }
            throw process.failure(part.id() + " refuses connections: " + e.getMessage());
        }
    }

    private String superuserSecret() {
        return part.id() + "-superuser";
    }
}
