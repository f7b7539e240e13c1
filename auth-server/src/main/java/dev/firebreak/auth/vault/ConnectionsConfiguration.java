package dev.firebreak.auth.vault;

import dev.firebreak.auth.google.Google;
import dev.firebreak.auth.google.WithGoogle;
import dev.firebreak.auth.platform.Loop;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What connects and disconnects, and the loop that ends at Google what could not be ended at once. */
@Configuration(proxyBeanMethods = false)
class ConnectionsConfiguration {
    private static final Duration END_EVERY = Duration.ofMinutes(1);

    @Bean
    @WithGoogle
    Connections connections(@VaultPool DataSource pool, TokenSeal seal, Google google, InstantSource clock) {
        ConnectionRepository rows = new ConnectionRepository(JdbcClient.create(pool));
        return new Connections(
                rows,
                new TransactionTemplate(new JdbcTransactionManager(pool)),
                seal,
                new Revocation(rows, seal, google, clock),
                clock);
    }

    @Bean
    @WithGoogle
    Loop googleRevocationLoop(
            @VaultPool DataSource pool, TokenSeal seal, Google google, InstantSource clock, MeterRegistry metrics) {
        Revocation revocation = new Revocation(new ConnectionRepository(JdbcClient.create(pool)), seal, google, clock);
        return new Loop("google-revocations", Loop.Start.LAST, END_EVERY, clock, metrics, revocation::run);
    }
}
