package dev.firebreak.auth.vault;

import dev.firebreak.auth.google.Google;
import dev.firebreak.auth.google.WithGoogle;
import dev.firebreak.auth.platform.Loop;
import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.auth.sealing.SealedColumn;
import dev.firebreak.auth.trust.OwnTrust;
import dev.firebreak.starter.ServiceIdentity;
import dev.firebreak.starter.pool.Pools;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Wires this module. Everything that asks Google has a pool of its own, which is there only if a client at Google is
 * configured; what a rotation of the key-encryption key must reach is always there, because the rows are.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(VaultProperties.class)
class VaultConfiguration {
    private static final Duration WRITE_USE_EVERY = Duration.ofSeconds(10);

    @Bean
    SealedColumn refreshTokenKeys() {
        return TokenSeal.GRANT_KEYS;
    }

    @Bean
    SealedColumn accessTokenKeys() {
        return TokenSeal.TOKEN_KEYS;
    }

    @Bean(defaultCandidate = false)
    @WithGoogle
    @VaultPool
    DataSource vaultPool(Pools pools) {
        return pools.open("vault");
    }

    @Bean
    TokenSeal tokenSeal(KeyWrapper wrapper) {
        return new TokenSeal(wrapper);
    }

    @Bean
    @WithGoogle
    TokenRepository tokenRepository(@VaultPool DataSource pool) {
        return new TokenRepository(JdbcClient.create(pool));
    }

    @Bean
    @WithGoogle
    TokenCache tokenCache(VaultProperties properties, InstantSource clock, MeterRegistry metrics) {
        return new TokenCache(properties.cacheSize(), clock, metrics);
    }

    @Bean
    @WithGoogle
    LastUse lastUse(TokenRepository rows, InstantSource clock) {
        return new LastUse(rows, clock);
    }

    @Bean
    @WithGoogle
    VaultTokens vaultTokens(
            @VaultPool DataSource pool,
            TokenRepository rows,
            TokenSeal seal,
            TokenCache cache,
            LastUse lastUse,
            Google google,
            VaultProperties properties,
            ServiceIdentity identity,
            InstantSource clock,
            MeterRegistry registry) {
        VaultMetrics metrics = new VaultMetrics(registry);
        TransactionTemplate transaction = new TransactionTemplate(new JdbcTransactionManager(pool));
        Renewer renewer = new Renewer(rows, transaction, seal, google, clock, metrics);
        return new VaultTokens(
                rows, renewer, seal, cache, lastUse, properties, identity.node(), clock, metrics, registry);
    }

    @Bean
    @WithGoogle
    Loop vaultChangesLoop(
            TokenRepository rows,
            TokenCache cache,
            OwnTrust trust,
            VaultProperties properties,
            InstantSource clock,
            MeterRegistry metrics) {
        GrantWatch watch = new GrantWatch(rows, cache, GrantWatch.revocations(trust), clock);
        return new Loop("vault-changes", Loop.Start.SOON, properties.changesEvery(), clock, metrics, watch::look);
    }

    @Bean
    @WithGoogle
    Loop vaultUseLoop(LastUse lastUse, InstantSource clock, MeterRegistry metrics) {
        return new Loop("vault-use", Loop.Start.LATER, WRITE_USE_EVERY, clock, metrics, lastUse::write);
    }
}
