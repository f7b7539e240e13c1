package dev.firebreak.starter.pool;

import com.zaxxer.hikari.HikariDataSource;
import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.starter.StarterAutoConfiguration;
import dev.firebreak.starter.problem.FailureTranslator;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Pools, for services that have a database. */
@AutoConfiguration(
        after = StarterAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass({HikariDataSource.class, PGSimpleDataSource.class, DelegatingDataSource.class})
class PoolAutoConfiguration {
    @Bean
    Pools pools(FirebreakProperties properties, MeterRegistry metrics, InstantSource clock) {
        NestingRule nesting = new NestingRule(properties.refusesNestedConnections());
        return new Pools(properties, nesting, new LeakWatch(), metrics, clock);
    }

    @Bean
    PoolsEndpoint poolsEndpoint(Pools pools) {
        return new PoolsEndpoint(pools);
    }

    @Bean(initMethod = "start")
    ConnectionLimits connectionLimits(FirebreakProperties properties) {
        return ConnectionLimits.of(properties);
    }

    @Bean
    @Order(0)
    FailureTranslator databaseFailures() {
        return new DatabaseFailures();
    }
}
