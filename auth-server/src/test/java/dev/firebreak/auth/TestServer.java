package dev.firebreak.auth;

import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestPostgres;
import dev.firebreak.starter.test.TestProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
    private final int poolSize;
    private final ConfigurableApplicationContext context;

    /**
     * Starts it with its database up.
     *
     * @param poolSize connections for requests
     * @param more configuration beside the server's own
     */
    public TestServer(int poolSize, Class<?>... more) {
        this.poolSize = poolSize;
        TestPostgres.Database real = TestPostgres.migrated();
        database = new TestProxy(real.port());
        database.up();
        List<String> args = new ArrayList<>(List.of(
                "--server.port=0",
                "--auth.internal.port=0",
                "--firebreak.profile=local",
                "--firebreak.overload.max-in-flight=200",
                "--firebreak.run=serve",
                "--firebreak.node=auth-server-1",
                "--firebreak.issuer=" + TestDeployment.ISSUER,
                "--firebreak.public-origin=" + TestDeployment.ORIGIN,
                "--auth.clients-folder=" + deployment.clientsFolder(),
                "--auth.wrapping-key-file=" + deployment.wrappingKeyFile()));
        for (String pool : new String[] {"identity", "background"}) {
            String prefix = "--firebreak.pools." + pool + ".";
            args.add(prefix + "host=127.0.0.1");
            args.add(prefix + "port=" + database.port());
            args.add(prefix + "database=" + real.name());
            args.add(prefix + "user=" + real.user());
            args.add(prefix + "password-file=" + real.passwordFile());
            // What a small pool does is the question, not whom it sheds.
            args.add(prefix + "max-waiters=400");
            args.add(prefix + "size=" + (pool.equals("identity") ? poolSize : 2));
        }
        context = new SpringApplicationBuilder(AuthServerApplication.class)
                .sources(more)
                .initializers(starting -> starting.getBeanFactory().registerSingleton("clock", clock))
                .run(args.toArray(String[]::new));
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

    public int port() {
        return port("local.server.port");
    }

    public <T> T bean(Class<T> type) {
        return context.getBean(type);
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
