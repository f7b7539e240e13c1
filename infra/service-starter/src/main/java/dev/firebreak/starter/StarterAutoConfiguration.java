package dev.firebreak.starter;

import java.time.Clock;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** What every part of the starter stands on: checked configuration, the clock, and randomness. */
@AutoConfiguration
@EnableConfigurationProperties(FirebreakProperties.class)
public class StarterAutoConfiguration {
    @Bean
    ServiceIdentity serviceIdentity(FirebreakProperties properties) {
        // A process told to migrate must not quietly serve instead.
        if (!properties.run().equals(FirebreakProperties.SERVE)) {
            throw new Misconfigured("firebreak.run is " + properties.run()
                    + " but this process was started to serve: a run mode is said on the command line, as --firebreak.run="
                    + properties.run());
        }
        return new ServiceIdentity(
                properties.profile(), properties.node(), properties.issuer(), properties.publicOrigin());
    }

    /** Injected everywhere, so that tests can move it. */
    @Bean
    @ConditionalOnMissingBean(InstantSource.class)
    InstantSource clock() {
        return Clock.systemUTC();
    }

    /** For jitter only, never for secrets. */
    @Bean
    @ConditionalOnMissingBean(RandomGenerator.class)
    RandomGenerator random() {
        return () -> ThreadLocalRandom.current().nextLong();
    }
}
