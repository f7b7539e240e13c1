package dev.firebreak.starter.authn;

import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.starter.StarterAutoConfiguration;
import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.ClientKey;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/** How this process proves which client it is, where it has a key. */
@AutoConfiguration(after = StarterAutoConfiguration.class)
@ConditionalOnProperty("firebreak.client.id")
public class ClientKeyAutoConfiguration {
    @Bean
    ClientAssertions clientAssertions(FirebreakProperties properties, InstantSource clock) {
        FirebreakProperties.Client client = properties.client();
        if (client == null) {
            throw new IllegalStateException("The condition says that firebreak.client.id is set");
        }
        return new ClientAssertions(
                client.id(),
                ClientKey.load(client.keyFile()),
                properties.issuer().toString(),
                properties.node(),
                clock);
    }
}
