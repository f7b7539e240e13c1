package dev.firebreak.starter.client;

import dev.firebreak.starter.StarterAutoConfiguration;
import dev.firebreak.starter.problem.FailureTranslator;
import dev.firebreak.trust.retry.Pause;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.http.client.autoconfigure.imperative.ImperativeHttpClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;
import org.springframework.web.service.registry.HttpServiceGroupConfigurer.Groups;
import tools.jackson.databind.json.JsonMapper;

/** Equips every HTTP service group, and makes clients without an interface. */
@AutoConfiguration(
        after = StarterAutoConfiguration.class,
        afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration",
        before = ImperativeHttpClientAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
class ClientAutoConfiguration {
    @Bean
    DeadlineRequestsBuilder deadlineRequestsBuilder(InstantSource clock) {
        return new DeadlineRequestsBuilder(clock);
    }

    @Bean
    ServiceClients serviceClients(
            ObjectProvider<RestClient.Builder> builders,
            MeterRegistry metrics,
            InstantSource clock,
            RandomGenerator random,
            JsonMapper json) {
        return new ServiceClients(builders::getObject, metrics, clock, random, Pause.SLEEP, json);
    }

    /** After Boot has set address and transport of each group out of its keys. */
    @Bean
    RestClientHttpServiceGroupConfigurer everyGroupIsAnUpstream(ServiceClients clients) {
        return new RestClientHttpServiceGroupConfigurer() {
            @Override
            public void configureGroups(Groups<RestClient.Builder> groups) {
                groups.forEachClient((group, builder) -> {
                    clients.equip(group.name(), builder);
                });
            }

            @Override
            public int getOrder() {
                return Ordered.LOWEST_PRECEDENCE;
            }
        };
    }

    @Bean
    @Order(0)
    FailureTranslator clientFailures() {
        return new ClientFailures();
    }
}
