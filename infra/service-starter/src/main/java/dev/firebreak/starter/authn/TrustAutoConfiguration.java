package dev.firebreak.starter.authn;

import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.TrustFeed;
import dev.firebreak.trust.TrustFeedSettings;
import dev.firebreak.trust.TrustSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.context.annotation.Bean;

/** Where this process learns whom to trust: the feed, unless the process is its source or has another. */
@AutoConfiguration(after = ClientKeyAutoConfiguration.class)
@ConditionalOnProperty(name = "firebreak.trust.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(TrustSource.class)
class TrustAutoConfiguration {
    @Bean(initMethod = "start", destroyMethod = "close")
    TrustFeed trustFeed(
            FirebreakProperties properties, ObjectProvider<ClientAssertions> assertions, InstantSource clock) {
        ClientAssertions proof =
                required(assertions.getIfAvailable(), "firebreak.client", "this process's client id and key file");
        FirebreakProperties.Trust trust = properties.trust();
        TrustFeedSettings settings = new TrustFeedSettings(
                required(trust.url(), "firebreak.trust.url", "the address of the trust feed"),
                required(trust.stateFolder(), "firebreak.trust.state-folder", "the folder for the last good copy"),
                trust.pollEvery(),
                trust.readTimeout(),
                trust.hardCap());
        return new TrustFeed(settings, proof, clock);
    }

    @Bean
    MeterBinder trustFeedMetrics(TrustFeed feed) {
        return registry -> {
            FunctionCounter.builder(
                            "firebreak.trust.answers", feed, it -> it.stats().answers())
                    .description("Answers of the trust feed that were taken")
                    .register(registry);
            FunctionCounter.builder(
                            "firebreak.trust.failures", feed, it -> it.stats().failures())
                    .description("Questions to the trust feed without an answer that could be taken")
                    .register(registry);
        };
    }

    private static <T> T required(@Nullable T value, String key, String what) {
        if (value == null) {
            throw new InvalidConfigurationPropertyValueException(key, null, "trust needs " + what);
        }
        return value;
    }
}
