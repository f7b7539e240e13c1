package dev.firebreak.auth.ratelimit;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The limits as beans. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SignInLimitProperties.class)
class RateLimitConfiguration {
    @Bean
    SignInLimits signInLimits(SignInLimitProperties properties, InstantSource clock, MeterRegistry meters) {
        return new SignInLimits(properties, clock, meters);
    }

    @Bean
    OrderLimits orderLimits(InstantSource clock, MeterRegistry meters) {
        return new OrderLimits(clock, meters);
    }

    @Bean
    VaultLimits vaultLimits(InstantSource clock, MeterRegistry meters) {
        return new VaultLimits(clock, meters);
    }
}
