package dev.firebreak.auth.sealing;

import dev.firebreak.auth.platform.AuthProperties;
import java.io.UncheckedIOException;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The key-encryption key. */
@Configuration(proxyBeanMethods = false)
class SealingConfiguration {
    @Bean
    FileKeyWrapper keyWrapper(AuthProperties properties) {
        try {
            return FileKeyWrapper.load(properties.wrappingKeyFile());
        } catch (IllegalStateException | UncheckedIOException e) {
            throw new InvalidConfigurationPropertyValueException(
                    "auth.wrapping-key-file", properties.wrappingKeyFile(), e.getMessage());
        }
    }
}
