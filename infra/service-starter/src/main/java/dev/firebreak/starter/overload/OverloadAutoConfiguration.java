package dev.firebreak.starter.overload;

import dev.firebreak.starter.FilterOrder;
import dev.firebreak.starter.FirebreakProperties;
import dev.firebreak.starter.StarterAutoConfiguration;
import dev.firebreak.starter.lane.LaneRule;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;

/** Admission, deadline and body size, in this order. */
@AutoConfiguration(
        after = StarterAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class OverloadAutoConfiguration {
    /** Requests in flight for each connection: with 15 ms of database time each, the last of them waits about 250 ms. */
    private static final int IN_FLIGHT_PER_CONNECTION = 16;

    /** For a service without a pool, where only memory is at stake. */
    private static final int IN_FLIGHT_WITHOUT_POOL = 256;

    @Bean
    @ConditionalOnMissingBean
    LaneRule laneRule() {
        return new CallersLane();
    }

    @Bean
    FilterRegistrationBean<InFlightFilter> inFlightFilter(
            FirebreakProperties properties, LaneRule rule, MeterRegistry metrics) {
        var filter = new InFlightFilter(
                maxInFlight(properties), properties.overload().exempt(), rule, metrics);
        return FilterOrder.register(filter, FilterOrder.IN_FLIGHT);
    }

    @Bean
    FilterRegistrationBean<DeadlineFilter> deadlineFilter(FirebreakProperties properties, InstantSource clock) {
        var limits = properties.deadline();
        var filter = new DeadlineFilter(limits.defaultTimeout(), limits.maxTimeout(), clock);
        return FilterOrder.register(filter, FilterOrder.DEADLINE);
    }

    @Bean
    FilterRegistrationBean<BodyLimitFilter> bodyLimitFilter(FirebreakProperties properties) {
        var filter = new BodyLimitFilter(properties.request().maxBody());
        return FilterOrder.register(filter, FilterOrder.BODY_LIMIT);
    }

    private static int maxInFlight(FirebreakProperties properties) {
        Integer configured = properties.overload().maxInFlight();
        if (configured != null) {
            return configured;
        }
        int connections = properties.connections();
        return connections == 0 ? IN_FLIGHT_WITHOUT_POOL : IN_FLIGHT_PER_CONNECTION * connections;
    }
}
