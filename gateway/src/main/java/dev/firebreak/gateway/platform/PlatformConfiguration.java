package dev.firebreak.gateway.platform;

import java.security.SecureRandom;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configuration records and what is derived from them. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({FirebreakProperties.class, GatewayProperties.class})
class PlatformConfiguration {
    @Bean
    PublicOrigin publicOrigin(FirebreakProperties firebreak) {
        return firebreak.origin();
    }

    @Bean
    SecureRandom secureRandom() {
        return new SecureRandom();
    }
}
