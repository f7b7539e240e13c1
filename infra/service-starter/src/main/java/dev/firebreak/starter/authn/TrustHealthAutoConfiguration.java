package dev.firebreak.starter.authn;

import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.trust.TrustSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Bean;

/** Readiness and metrics of whatever source of trust there is. */
@AutoConfiguration(after = TrustAutoConfiguration.class)
@ConditionalOnBean(TrustSource.class)
class TrustHealthAutoConfiguration {
    @Bean
    TrustHealth trustHealth(TrustSource trust, FirebreakProperties properties, InstantSource clock) {
        return new TrustHealth(trust, properties.trust().hardCap(), clock);
    }

    @Bean
    MeterBinder trustMetrics(TrustHealth health) {
        return registry -> Gauge.builder("firebreak.trust.age", health, TrustHealth::ageSeconds)
                .baseUnit("seconds")
                .description("Age of the trust data")
                .register(registry);
    }
}
