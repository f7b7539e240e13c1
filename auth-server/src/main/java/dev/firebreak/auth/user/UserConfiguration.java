package dev.firebreak.auth.user;

import dev.firebreak.auth.platform.Background;
import dev.firebreak.auth.platform.Loop;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Beans of this module that need more than their constructor. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PasswordProperties.class)
class UserConfiguration {
    // Demo accounts come by order of an operator, which is refused here: this finds those that a restored copy brought.
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);

    // The encoder inside is no bean on purpose: Spring Security would hash client secrets with it.
    @Bean
    PasswordHasher passwordHasher(PasswordProperties properties, MeterRegistry meters) {
        return PasswordHasher.of(properties, meters);
    }

    @Bean
    DemoWatch demoWatch(@Background DataSource pool) {
        return new DemoWatch(new UserStore(JdbcClient.create(pool)));
    }

    /** In the local profile nobody looks. */
    @Bean
    Loop demoLoop(DemoRule rule, DemoWatch watch, InstantSource clock, MeterRegistry meters) {
        return new Loop("demo-accounts", Loop.Start.LATER, LOOK_EVERY, clock, meters, () -> {
            if (!rule.allowed()) {
                watch.look();
            }
        });
    }
}
