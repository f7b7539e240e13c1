package dev.firebreak.auth.signing;

import dev.firebreak.auth.platform.Background;
import dev.firebreak.auth.platform.Loop;
import dev.firebreak.auth.sealing.KeyWrapper;
import dev.firebreak.auth.sealing.SealedColumn;
import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.health.HealthReasons;
import dev.firebreak.starter.lane.Lane;
import dev.firebreak.starter.lane.Lanes;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires this module: the copy of the key table, the loop that keeps it, the signer. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SigningProperties.class)
class SigningConfiguration {
    @Bean
    SigningKeys signingKeys(@Background DataSource pool, KeyWrapper wrapper, InstantSource clock) {
        return new SigningKeys(new SigningKeyRepository(JdbcClient.create(pool)), new KeyVault(wrapper), clock);
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
        return loop;
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
