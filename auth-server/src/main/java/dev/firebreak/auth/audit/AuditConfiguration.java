package dev.firebreak.auth.audit;

import dev.firebreak.auth.platform.Background;
import dev.firebreak.auth.platform.Loop;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The journal of requests, and the loop that keeps the metrics of its head. Loops have a journal each, on their pool. */
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {
    /** As often as metrics are usually scraped; one row is read. */
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    @Bean
    Journal journal(JdbcClient jdbc, InstantSource clock) {
        return new Journal(jdbc, clock);
    }

    @Bean
    HeadWatch headWatch(@Background DataSource pool, InstantSource clock, MeterRegistry metrics) {
        return new HeadWatch(new Journal(JdbcClient.create(pool), clock), metrics);
    }

    @Bean
    Loop journalHeadLoop(HeadWatch watch, InstantSource clock, MeterRegistry metrics) {
        return new Loop("journal-head", LOOK_EVERY, clock, metrics, watch::look);
    }
}
