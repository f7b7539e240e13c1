package dev.firebreak.auth.signing;

import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.platform.AuthProperties;
import dev.firebreak.auth.platform.Background;
import dev.firebreak.auth.platform.Loop;
import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.auth.sealing.SealedColumn;
import dev.firebreak.auth.trust.EffectWatch;
import dev.firebreak.auth.trust.RevocationNews;
import dev.firebreak.auth.trust.RevocationsOnPool;
import dev.firebreak.auth.trust.Verifiers;
import dev.firebreak.starter.ServiceIdentity;
import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.health.HealthReasons;
import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.lane.Lanes;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires this module: the copy of the key table and the loop that keeps it, the signer, the schedule, operators' orders. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SigningProperties.class)
class SigningConfiguration {
    /** Each order moves a key and watches for 7 s at most: more than this nobody gives by hand. */
    private static final int MOST_WATCHES = 8;

    /** An emergency is over within seconds; its verifiers have made sure that every node knows of it before. */
    private static final Duration IN_AN_EMERGENCY = Duration.ofMillis(50);

    @Bean
    KeyPolicy keyPolicy(SigningProperties properties, AuthProperties auth) {
        return properties.policy(auth.accessTokenTtl());
    }

    @Bean
    KeyVault keyVault(KeyWrapper wrapper) {
        return new KeyVault(wrapper);
    }

    @Bean
    KeyRotation keyRotation(
            @Background DataSource pool,
            KeyVault vault,
            KeyPolicy policy,
            Verifiers verifiers,
            ServiceIdentity identity,
            RevocationNews news,
            InstantSource clock,
            MeterRegistry metrics) {
        KeyMoves moves =
                moves(JdbcClient.create(pool), new DataSourceTransactionManager(pool), vault, policy, news, clock);
        KeyRotation rotation = new KeyRotation(moves, verifiers, policy, identity.node(), clock);
        TimeGauge.builder(
                        "auth.signing.key.age",
                        () -> rotation.status().activeAge().toMillis(),
                        TimeUnit.MILLISECONDS)
                .description("How long the active key has been active")
                .register(metrics);
        Gauge.builder("auth.signing.activation.blocked", () -> rotation.status().blocked() ? 1 : 0)
                .description("1 while the activation of a key is due and a verifier lacks it")
                .register(metrics);
        return rotation;
    }

    @Bean
    SigningKeys signingKeys(@Background DataSource pool, KeyVault vault, KeyRotation rotation, InstantSource clock) {
        return new SigningKeys(
                new SigningKeyRepository(JdbcClient.create(pool))::findLiving,
                vault,
                rotation::makeFirst,
                rotation::jwksMaxAge,
                clock);
    }

    @Bean
    SealedColumn sealedSigningKeys() {
        return KeyVault.SEALED;
    }

    @Bean
    Loop signingKeyLoop(SigningKeys keys, SigningProperties properties, InstantSource clock, MeterRegistry metrics) {
        Loop loop = new Loop(
                "signing-keys", properties.refreshEvery(), clock, metrics, () -> Lanes.in(Lane.KEEP, keys::refresh));
        keys.onRefreshSoon(loop::runSoon);
        keys.onEmergency(() -> loop.runAgainWithin(IN_AN_EMERGENCY));
        return loop;
    }

    @Bean
    Loop keyRotationLoop(
            KeyRotation rotation, SigningProperties properties, InstantSource clock, MeterRegistry metrics) {
        return new Loop(
                "key-rotation",
                Loop.Start.SOON,
                properties.refreshEvery(),
                clock,
                metrics,
                () -> Lanes.in(Lane.KEEP, rotation::run));
    }

    @Bean
    KeyOrders keyOrders(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            KeyVault vault,
            KeyPolicy policy,
            Verifiers verifiers,
            SigningKeys keys,
            Loop keyRotationLoop,
            RevocationNews news,
            InstantSource clock,
            MeterRegistry metrics) {
        // Not those of other orders: a flood of these must not leave an emergency without an eye on it.
        EffectWatch effects = new EffectWatch(verifiers, MOST_WATCHES, clock).measuredAs("keys", metrics);
        KeyOrders orders = new KeyOrders(
                moves(jdbc, transactions, vault, policy, news, clock), keys, verifiers, effects, policy, clock);
        orders.onOrder(() -> {
            keys.refreshSoon();
            keyRotationLoop.runSoon();
        });
        return orders;
    }

    private static KeyMoves moves(
            JdbcClient jdbc,
            PlatformTransactionManager transactions,
            KeyVault vault,
            KeyPolicy policy,
            RevocationNews news,
            InstantSource clock) {
        return new KeyMoves(
                new TransactionTemplate(transactions),
                new SigningKeyRepository(jdbc),
                new Journal(jdbc, clock),
                RevocationsOnPool.of(jdbc, clock, news),
                vault,
                policy);
    }

    @Bean
    TokenSigner tokenSigner(
            SigningKeys keys, SigningProperties properties, InstantSource clock, MeterRegistry metrics) {
        TokenSigner signer = new TokenSigner(keys, properties.lease(), clock);
        TimeGauge.builder("auth.signing.lease", () -> signer.leaseLeft().toMillis(), TimeUnit.MILLISECONDS)
                .description("How long this node may still sign without reading the key table")
                .register(metrics);
        return signer;
    }

    /** Without a key this process can do nothing that others cannot do without it; with an old one it still verifies. */
    @Bean
    HealthReasons signingHealth(SigningKeys keys, TokenSigner signer) {
        return () -> {
            if (keys.snapshot().isEmpty()) {
                return List.of(HealthReason.down("signing.keys_unread"));
            }
            return signer.isReady() ? List.of() : List.of(HealthReason.degraded("signing.no_active_key"));
        };
    }
}
