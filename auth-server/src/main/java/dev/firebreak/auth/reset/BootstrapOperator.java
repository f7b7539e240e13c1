package dev.firebreak.auth.reset;

import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.user.FirstOperator;
import dev.firebreak.auth.user.FirstOperator.Outcome;
import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.starter.database.Database;
import dev.firebreak.starter.database.PostgresSource;
import dev.firebreak.starter.run.RunMode;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * {@code --firebreak.run=bootstrap-operator --email=ADDRESS}: makes the first operator's account and prints the link by
 * which they choose their password. Goes by the service's own database role, so whoever may run it could write the row by
 * hand; that is why it asks for nothing else. The link is printed and stored nowhere, only its hash.
 */
public final class BootstrapOperator implements RunMode {
    private static final String NAME = "bootstrap-operator";
    /** Contracts, "The front door". */
    private static final Duration LINK_TTL = Duration.ofMinutes(30);

    private static final String POOL = "identity";
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration STATEMENT = Duration.ofSeconds(10);
    private static final int REFUSED = 1;
    private static final int USAGE = 2;

    private final InstantSource clock;

    public BootstrapOperator() {
        this(InstantSource.system());
    }

    BootstrapOperator(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int run(String[] args) {
        String email = new SimpleCommandLinePropertySource(args).getProperty("email");
        if (email == null || email.isBlank()) {
            System.err.println(NAME + ": whose account? Say --email=ADDRESS");
            return USAGE;
        }
        try (ConfigurableApplicationContext context = new SpringApplicationBuilder(OnlyProperties.class)
                .web(WebApplicationType.NONE)
                .properties(Map.of("logging.level.root", "WARN", "spring.main.log-startup-info", "false"))
                .run(args)) {
            return run(context.getBean(FirebreakProperties.class), email);
        }
    }

    private int run(FirebreakProperties properties, String email) {
        FirebreakProperties.Pool pool = properties.pools().get(POOL);
        if (pool == null) {
            throw new InvalidConfigurationPropertyValueException(
                    "firebreak.pools." + POOL, null, "the bootstrap needs the service's connection");
        }
        Database database = pool.target(properties.profile());
        PostgresSource source = new PostgresSource(database, properties.node() + "-bootstrap", CONNECT, STATEMENT);
        ResetToken token = ResetToken.random(new SecureRandom());
        Outcome outcome;
        try {
            outcome = prepare(JdbcClient.create(source), transaction(source), email, token);
        } catch (DataAccessException | TransactionException e) {
            return refused(database.endpoint() + " failed: " + firstLine(e));
        }
        return switch (outcome) {
            case Outcome.Waiting _ -> {
                System.out.printf(
                        "%s: %s is the first operator. To choose the password, within %d minutes and once:%n%s/reset?token=%s%n",
                        NAME, email.strip(), LINK_TTL.toMinutes(), properties.issuer(), token.text());
                yield 0;
            }
            case Outcome.OperatorExists _ ->
                refused("there is an operator already, who can give others the role; nothing was changed");
            case Outcome.AddressTaken _ ->
                refused("the address has an account already, which this does not change; name another address");
            case Outcome.NoAddress _ -> {
                System.err.println(NAME + ": that is no e-mail address");
                yield USAGE;
            }
        };
    }

    private Outcome prepare(JdbcClient jdbc, TransactionTemplate transaction, String email, ResetToken token) {
        Outcome outcome = transaction.execute(status -> {
            Instant now = clock.instant();
            Outcome prepared = new FirstOperator(jdbc).prepare(email, now);
            if (prepared instanceof Outcome.Waiting waiting) {
                new ResetRepository(jdbc).replace(waiting.id(), token, now, now.plus(LINK_TTL));
                note(waiting, new ResetJournal(new Journal(jdbc, clock)));
            }
            return prepared;
        });
        if (outcome == null) {
            throw new IllegalStateException("A transaction without an outcome");
        }
        return outcome;
    }

    private static void note(Outcome.Waiting waiting, ResetJournal journal) {
        waiting.forgotten().forEach(journal::forgotten);
        if (waiting.made()) {
            journal.firstOperator(waiting.id());
        }
        journal.issued(waiting.id());
    }

    private static TransactionTemplate transaction(PostgresSource source) {
        return new TransactionTemplate(new JdbcTransactionManager(source));
    }

    private static int refused(String why) {
        System.err.println(NAME + ": " + why);
        return REFUSED;
    }

    private static String firstLine(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return firstLine(root.getMessage());
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "no reason given" : message.lines().findFirst().orElse("");
    }

    /** The checked configuration and nothing else. No stereotype: the service's own scan must not find it. */
    @EnableConfigurationProperties(FirebreakProperties.class)
    static class OnlyProperties {}
}
