package dev.firebreak.auth;

import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestPostgres;
import dev.firebreak.starter.test.TestProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/** A server of its own with a database that can be stopped and a pool of a given size; for tests that break things. */
public final class TestServer implements AutoCloseable {
    public final TestDeployment deployment = new TestDeployment();
    public final MovableClock clock = new MovableClock();
    public final TestProxy database;
    public final TestOAuth oauth;
    private final TestPostgres.Database real;
    private final int poolSize;
    private final ConfigurableApplicationContext context;

    /**
     * Starts it with its database up and room for whatever comes.
     *
     * @param poolSize connections for requests
     * @param more configuration beside the server's own
     */
    public TestServer(int poolSize, Class<?>... more) {
        this(poolSize, Map.of(), more);
    }

    /**
     * Starts it with its database up.
     *
     * @param poolSize connections for requests
     * @param keys configuration keys that this test sets otherwise
     * @param more configuration beside the server's own
     */
    public TestServer(int poolSize, Map<String, String> keys, Class<?>... more) {
        this.poolSize = poolSize;
        real = TestPostgres.migrated();
        database = new TestProxy(real.port());
        database.up();
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("server.port", "0");
        settings.put("auth.internal.port", "0");
        settings.put("firebreak.profile", "local");
        settings.put("firebreak.overload.max-in-flight", "200");
        settings.put("firebreak.run", "serve");
        settings.put("firebreak.node", "auth-server-1");
        settings.put("firebreak.issuer", TestDeployment.ISSUER);
        settings.put("firebreak.public-origin", TestDeployment.ORIGIN);
        settings.put("auth.clients-folder", deployment.clientsFolder().toString());
        settings.put("auth.wrapping-key-file", deployment.wrappingKeyFile().toString());
        Map<String, Integer> sizes = Map.of("identity", poolSize, "background", 2, "vault", 4);
        for (String pool : sizes.keySet()) {
            settings.putAll(TestPostgres.properties(pool, real, database.port()));
            String prefix = "firebreak.pools." + pool + ".";
            // What a small pool does is the question, not whom it sheds.
            settings.put(prefix + "max-waiters", "400");
            settings.put(prefix + "size", String.valueOf(sizes.get(pool)));
        }
        settings.putAll(keys);
        context = new SpringApplicationBuilder(AuthServerApplication.class)
                .sources(more)
                .initializers(starting -> starting.getBeanFactory().registerSingleton("clock", clock))
                .run(settings.entrySet().stream()
                        .map(key -> "--" + key.getKey() + "=" + key.getValue())
                        .toArray(String[]::new));
        oauth = new TestOAuth(deployment, port(), port("local.internal.port"), clock);
        awaitReady();
    }

    /** The database is up, the server says so, and no connection is left from before. */
    public void heal() {
        database.up();
        awaitReady();
        Eventually.within(Duration.ofSeconds(20), "every connection works", this::everyConnectionWorks);
    }

    private void awaitReady() {
        Eventually.within(
                Duration.ofSeconds(20),
                "ready",
                () -> oauth.send(oauth.get("/readyz")).text("status").equals("ok"));
    }

    /** Takes all connections at once: a pool does not look at one that worked half a second ago. */
    private boolean everyConnectionWorks() {
        try {
            JdbcClient jdbc = bean(JdbcClient.class);
            Parallel.run(
                    poolSize,
                    () -> jdbc.sql("SELECT 1 FROM pg_sleep(0.1)")
                            .query(Integer.class)
                            .single());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException notYet) {
            return false;
        }
    }

    /** A connection that no pool of the server knows of. */
    public Connection openDatabase() throws SQLException {
        return real.open();
    }

    public int port() {
        return port("local.server.port");
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    public <T> T bean(String name, Class<T> type) {
        return context.getBean(name, type);
    }

    private int port(String key) {
        return context.getEnvironment().getRequiredProperty(key, Integer.class);
    }

    @Override
    public void close() {
        context.close();
        database.close();
    }
}
