package dev.firebreak.starter.google;

import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.starter.authn.ClientKeyAutoConfiguration;
import dev.firebreak.starter.client.ServiceClients;
import dev.firebreak.trust.ClientAssertions;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;

/** Users' Google tokens, for a service that says where the vault is. */
@AutoConfiguration(
        after = ClientKeyAutoConfiguration.class,
        afterName = "dev.firebreak.starter.client.ClientAutoConfiguration")
@ConditionalOnProperty("firebreak.vault.url")
class GoogleTokensAutoConfiguration {
    @Bean
    @ConditionalOnMissingBean
    GoogleTokens googleTokens(
            ServiceClients clients,
            ObjectProvider<ClientAssertions> assertions,
            FirebreakProperties properties,
            MeterRegistry metrics,
            InstantSource clock) {
        ClientAssertions proof = assertions.getIfAvailable();
        URI url = properties.vault().url();
        if (proof == null || url == null) {
            throw new InvalidConfigurationPropertyValueException(
                    "firebreak.client", null, "the vault needs this process's client id and key file");
        }
        VaultCounters counters = new VaultCounters(metrics);
        return new GoogleTokens(
                new VaultClient(clients, proof, url, counters, clock),
                new HeldGoogleTokens(properties.vault().cacheSize(), counters, clock),
                counters,
                clock);
    }
}
