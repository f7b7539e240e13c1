package dev.firebreak.auth.sealing;

import dev.firebreak.auth.platform.AuthProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The key-encryption key. */
@Configuration(proxyBeanMethods = false)
class SealingConfiguration {
    @Bean
    FileKeyWrapper keyWrapper(AuthProperties properties) {
        return FileKeyWrapper.load(properties.wrappingKeyFile());
    }
}
