package dev.firebreak.auth.client;

import dev.firebreak.auth.platform.AuthProperties;
import dev.firebreak.auth.platform.Loop;
import dev.firebreak.starter.health.HealthReason;
import dev.firebreak.starter.health.HealthReasons;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Wires this module. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ClientProperties.class)
class ClientConfiguration {
    @Bean
    Clients clients(AuthProperties auth, MeterRegistry metrics) {
        try {
            return new Clients(new ClientFolder(auth.clientsFolder()), metrics);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new InvalidConfigurationPropertyValueException(
                    "auth.clients-folder", auth.clientsFolder(), e.getMessage());
        }
    }

    @Bean
    Loop clientLoop(Clients clients, ClientProperties properties, InstantSource clock, MeterRegistry metrics) {
        return new Loop("clients", properties.reloadEvery(), clock, metrics, clients::reload);
    }

    @Bean
    AssertionVerifier assertionVerifier(
            Clients clients, ClientProperties properties, InstantSource clock, MeterRegistry metrics) {
        return new AssertionVerifier(clients, properties.assertionsRemembered(), clock, metrics);
    }

    @Bean
    HealthReasons clientHealth(Clients clients) {
        return () -> clients.isStale() ? List.of(HealthReason.degraded("clients.stale")) : List.of();
    }
}
