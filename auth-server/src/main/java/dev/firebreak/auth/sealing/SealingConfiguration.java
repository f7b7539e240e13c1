package dev.firebreak.auth.sealing;

import dev.firebreak.auth.audit.Actor;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.node.KeyRing;
import dev.firebreak.auth.node.Loaded;
import dev.firebreak.auth.node.Node;
import dev.firebreak.auth.node.Nodes;
import dev.firebreak.auth.platform.AuthProperties;
import dev.firebreak.auth.platform.Background;
import dev.firebreak.auth.platform.Loop;
import dev.firebreak.starter.ServiceIdentity;
import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.health.HealthReasons;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Wires this module: the key-encryption keys, the loop that follows their file and the one that re-wraps. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SealingProperties.class)
class SealingConfiguration {
    @Bean
    FileKeyWrapper keyWrapper(AuthProperties properties, Nodes nodes) {
        try {
            return FileKeyWrapper.load(
                    properties.wrappingKeyFile(),
                    () -> nodes.lastRead().stream().map(Node::wrappingKeys).toList());
        } catch (IllegalStateException | UncheckedIOException e) {
            throw new InvalidConfigurationPropertyValueException(
                    "auth.wrapping-key-file", properties.wrappingKeyFile(), e.getMessage());
        }
    }

    @Bean
    Loaded loadedWrappingKeys(FileKeyWrapper wrapper) {
        return new Loaded(KeyRing.WRAPPING, wrapper::keyIds);
    }

    @Bean
    Loop wrappingKeyLoop(
            FileKeyWrapper wrapper, SealingProperties properties, InstantSource clock, MeterRegistry metrics) {
        return new Loop(
                "wrapping-keys", properties.reloadEvery(), clock, metrics, () -> wrapper.reload(clock.instant()));
    }

    /** For requests; the loop has one of its own on the background pool. */
    @Bean
    SealedRowRepository sealedRowRepository(JdbcClient jdbc, List<SealedColumn> columns) {
        return new SealedRowRepository(jdbc, columns);
    }

    @Bean
    Rewrap rewrap(
            @Background DataSource pool,
            List<SealedColumn> columns,
            FileKeyWrapper wrapper,
            Nodes nodes,
            ServiceIdentity identity,
            InstantSource clock,
            MeterRegistry metrics) {
        JdbcClient jdbc = JdbcClient.create(pool);
        return new Rewrap(
                new SealedRowRepository(jdbc, columns),
                wrapper,
                nodes,
                new RewrapJournal(new Journal(jdbc, clock), Actor.automatic(identity.node())),
                new TransactionTemplate(new JdbcTransactionManager(pool)),
                clock,
                new SealingMetrics(columns, metrics));
    }

    @Bean
    Loop rewrapLoop(Rewrap rewrap, SealingProperties properties, InstantSource clock, MeterRegistry metrics) {
        return new Loop("rewrap", Loop.Start.LATER, properties.rewrapEvery(), clock, metrics, rewrap::run);
    }

    @Bean
    HealthReasons sealingHealth(FileKeyWrapper wrapper, Rewrap rewrap) {
        return () -> {
            List<HealthReason> reasons = new ArrayList<>();
            if (wrapper.isStale()) {
                reasons.add(HealthReason.degraded("sealing.key_file_stale"));
            }
            if (rewrap.progress().stream().anyMatch(it -> !it.missing().isEmpty())) {
                reasons.add(HealthReason.degraded("sealing.key_missing"));
            }
            return reasons;
        };
    }
}
