package dev.firebreak.starter.app;

import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.health.HealthReasons;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;

/** The smallest service on the starter: handlers that succeed, fail and wait. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = {DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class})
public class TestService {
    /** What is wrong with the service, set by tests. */
    public static final List<HealthReason> REASONS = new CopyOnWriteArrayList<>();

    /** Handlers at {@code /open/wait} end when this is counted down. */
    public static volatile CountDownLatch gate = new CountDownLatch(1);

    @Bean
    HealthReasons reasons() {
        return () -> List.copyOf(REASONS);
    }

    /** A process with a security chain of its own has no such handler; that it may not have one is a test. */
    @Bean
    @ConditionalOnProperty(name = "firebreak.authn.enabled", matchIfMissing = true)
    ApiHandler apiHandler() {
        return new ApiHandler();
    }

    @Bean
    Handlers handlers(InstantSource clock) {
        return new Handlers(clock);
    }
}
