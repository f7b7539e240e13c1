package dev.firebreak.starter.token;

import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.starter.authn.ClientKeyAutoConfiguration;
import dev.firebreak.starter.client.ServiceClients;
import dev.firebreak.trust.ClientAssertions;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Own tokens for every process that can prove who it is. Costs nothing until the first one is asked for. */
@AutoConfiguration(
        after = ClientKeyAutoConfiguration.class,
        afterName = "dev.firebreak.starter.client.ClientAutoConfiguration")
@ConditionalOnBean({ClientAssertions.class, ServiceClients.class})
class ServiceTokensAutoConfiguration {
    @Bean(initMethod = "start", destroyMethod = "close")
    @ConditionalOnMissingBean
    ServiceTokens serviceTokens(
            ServiceClients clients,
            ClientAssertions assertions,
            FirebreakProperties properties,
            MeterRegistry metrics,
            InstantSource clock,
            RandomGenerator random) {
        TokenEndpoint endpoint = new TokenEndpoint(clients, assertions, properties.tokenEndpoint(), clock);
        return new ServiceTokens(endpoint::fetch, metrics, clock, random);
    }
}
