package dev.firebreak.auth.sso;

import dev.firebreak.auth.platform.Loop;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Configuration of this module, and the purge's clockwork. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SsoProperties.class)
class SsoConfiguration {
    @Bean
    Loop ssoPurgeLoop(SsoStore store, SsoProperties properties, InstantSource clock, MeterRegistry meters) {
        SsoPurge purge = new SsoPurge(store, clock, properties, meters);
        return new Loop("sso-purge", properties.purgeEvery(), clock, meters, purge::run);
    }
}
