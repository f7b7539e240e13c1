package dev.firebreak.auth.platform;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

class StrictKeysTest {
    @ConfigurationProperties(prefix = "auth.feature", ignoreUnknownFields = false)
    record FeatureProperties(String known) {}

    @Configuration(proxyBeanMethods = false)
    @EnableConfigurationProperties({AuthProperties.class, FeatureProperties.class})
    static class Config {
        @Bean
        StrictKeys strictKeys(ListableBeanFactory beans, Environment environment) {
            return new StrictKeys(beans, environment);
        }
    }

    @Test
    void acceptsTheKeysThatFeaturesRead() {
        assertThatCode(() -> start(Map.of("auth.feature.known", "x"))).doesNotThrowAnyException();
    }

    @Test
    void stopsAtMisspeltKeysAndNamesThem() {
        assertThatThrownBy(() -> start(Map.of("auth.wraping-key-file", "x", "auth.fature.known", "y")))
                .hasStackTraceContaining("auth.fature.known, auth.wraping-key-file");
        assertThatThrownBy(() -> start(Map.of("auth.feature.knwon", "x")))
                .hasStackTraceContaining("auth.feature.knwon");
    }

    @Test
    void stopsAtAnAccessTokenThatLivesLongerThanTheContractSays() {
        assertThatThrownBy(() -> start(Map.of("auth.access-token-ttl", "16m")))
                .hasStackTraceContaining("auth.access-token-ttl must lie between 1s and 15m");
        assertThatCode(() -> start(Map.of("auth.access-token-ttl", "5s"))).doesNotThrowAnyException();
    }

    private static void start(Map<String, Object> more) {
        Map<String, Object> keys = new HashMap<>(more);
        keys.put("auth.clients-folder", "clients.d");
        keys.put("auth.wrapping-key-file", "kek.key");
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("test", keys));
            context.register(Config.class);
            context.refresh();
        }
    }
}
