package dev.firebreak.starter.run;

import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.starter.database.Database;
import dev.firebreak.starter.database.Endpoint;
import dev.firebreak.starter.database.PostgresSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/**
 * {@code --firebreak.run=migrate}: brings the schema up to date with the migration role over a direct connection, prints
 * one line and exits. Any number of nodes may run it at once: Flyway's lock in the database lets one through.
 */
final class MigrateMode implements RunMode {
    private static final int FAILED = 1;
    /** A database that is just starting gets this many tries, a second apart at first, then slower. */
    private static final int CONNECT_TRIES = 5;

    private static final Duration CONNECT = Duration.ofSeconds(5);
    /** A statement of a migration may take as long as the table is large. */
    private static final Duration NO_LIMIT = Duration.ZERO;

    @Override
    public String name() {
        return "migrate";
    }

    @Override
    public int run(String[] args) {
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(OnlyProperties.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of("logging.level.root", "WARN", "spring.main.log-startup-info", "false"))
                .run(args)) {
            return migrate(context.getBean(FirebreakProperties.class));
        }
    }

    private static int migrate(FirebreakProperties properties) {
        FirebreakProperties.Migration migration = properties.migration();
        if (migration == null) {
            throw new InvalidConfigurationPropertyValueException(
                    "firebreak.migration", null, "the migrate step needs the migration role's connection");
        }
        Database database = migration.target(properties.profile());
        Endpoint name = database.endpoint();
        try {
            MigrateResult result = flyway(database, properties.node()).migrate();
            System.out.printf(
                    "migrate: %s is at version %s, %d applied%n",
                    name,
                    result.targetSchemaVersion == null ? result.initialSchemaVersion : result.targetSchemaVersion,
                    result.migrationsExecuted);
            return 0;
        } catch (IOException e) {
            System.err.println("migrate: cannot read the password file " + e.getMessage());
        } catch (FlywayException e) {
            System.err.println("migrate: " + name + " failed: " + firstLines(e));
        }
        return FAILED;
    }

    private static Flyway flyway(Database database, String node) throws IOException {
        // Flyway would try again and again, as if the database were away.
        database.password().read();
        return Flyway.configure()
                .dataSource(new PostgresSource(database, node + "-migrate", CONNECT, NO_LIMIT))
                .connectRetries(CONNECT_TRIES)
                .connectRetriesInterval(5)
                .locations("classpath:db/migration")
                .validateMigrationNaming(true)
                .cleanDisabled(true)
                // The transactional lock would keep a transaction open for the whole run, which CREATE INDEX
                // CONCURRENTLY waits for, for ever.
                .configuration(Map.of("flyway.postgresql.transactional.lock", "false"))
                .load();
    }

    /** Flyway frames its messages over many lines; the reason stands in the first ones. */
    private static String firstLines(FlywayException e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage())
                .lines()
                .limit(3)
                .map(String::strip)
                .reduce("", (a, b) -> a + " " + b)
                .strip();
    }

    /** A context of the checked configuration and nothing else. */
    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties(FirebreakProperties.class)
    static class OnlyProperties {}
}
