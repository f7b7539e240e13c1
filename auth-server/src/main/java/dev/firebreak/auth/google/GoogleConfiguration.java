package dev.firebreak.auth.google;

import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.health.HealthReasons;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires this module; without a configured client there is no {@link Google}. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GoogleProperties.class)
class GoogleConfiguration {
    @Bean
    @WithGoogle
    GoogleClient google(GoogleProperties properties, InstantSource clock, MeterRegistry metrics) {
        GoogleSettings settings = properties.settings();
        BoundedHttp http = new BoundedHttp(settings.callTimeout());
        Breaker breaker = new Breaker(clock);
        Gauge.builder("auth.google.breaker.open", breaker, it -> it.isOpen() ? 1 : 0)
                .description("1 while this node does not call Google because it does not answer")
                .register(metrics);
        return new GoogleClient(settings, http, new IdTokens(http, settings, clock), breaker, metrics);
    }

    /** Tokens that are still valid are served meanwhile, and everything else of this server needs no Google. */
    @Bean
    @WithGoogle
    HealthReasons googleHealth(GoogleClient google) {
        return () -> google.isCutOff() ? List.of(HealthReason.degraded("google.unavailable")) : List.of();
    }
}
