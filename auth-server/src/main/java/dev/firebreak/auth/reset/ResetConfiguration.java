package dev.firebreak.auth.reset;

import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.platform.Background;
import dev.firebreak.auth.platform.Loop;
import dev.firebreak.auth.platform.Purge;
import dev.firebreak.auth.sso.SsoSignIns;
import dev.firebreak.auth.user.Passwords;
import dev.firebreak.auth.user.Users;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Beans of this module, and the purge's clockwork. */
@Configuration(proxyBeanMethods = false)
class ResetConfiguration {
    private static final String DUE = "expires_at < :now";
    /** Links are few: at most one a user. */
    private static final Duration PURGE_EVERY = Duration.ofMinutes(10);

    @Bean
    PasswordResets passwordResets(
            JdbcClient jdbc,
            Users users,
            Passwords passwords,
            SsoSignIns signIns,
            Journal journal,
            PlatformTransactionManager transactions,
            InstantSource clock) {
        return new PasswordResets(
                new ResetRepository(jdbc),
                users,
                passwords,
                signIns,
                new ResetJournal(journal),
                new TransactionTemplate(transactions),
                clock);
    }

    @Bean
    Loop resetPurgeLoop(@Background DataSource pool, InstantSource clock, MeterRegistry meters) {
        Purge purge = new Purge(JdbcClient.create(pool), "password_reset", "user_id", DUE, clock, meters);
        return new Loop("reset-purge", Loop.Start.LAST, PURGE_EVERY, clock, meters, purge::run);
    }
}
