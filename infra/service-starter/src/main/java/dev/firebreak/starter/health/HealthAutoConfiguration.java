package dev.firebreak.starter.health;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Liveness and readiness. */
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class HealthAutoConfiguration {
    @Bean
    Readiness readiness(ObjectProvider<HealthReasons> contributors) {
        return new Readiness(() -> contributors.stream().toList());
    }

    @Bean
    @Order(Ordered.HIGHEST_PRECEDENCE)
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> healthPaths(ObjectProvider<Readiness> readiness) {
        return factory -> factory.addEngineValves(new HealthValve(readiness.getObject()));
    }

    @Bean
    MeterBinder readinessMetric(Readiness readiness) {
        return registry -> Gauge.builder(
                        "firebreak.readiness", readiness, it -> it.current().level())
                .description("0 = ok, 1 = degraded, 2 = down")
                .register(registry);
    }
}
