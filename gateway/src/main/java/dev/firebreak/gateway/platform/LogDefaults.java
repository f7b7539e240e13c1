package dev.firebreak.gateway.platform;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Log lines as every Firebreak service writes them: with the trace id, and as ECS JSON outside the local profile. */
final class LogDefaults implements EnvironmentPostProcessor, Ordered {
    private static final String NAME = "firebreakLogDefaults";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (environment.getPropertySources().contains(NAME)) {
            return;
        }
        Map<String, Object> defaults = new LinkedHashMap<>();
        defaults.put("logging.pattern.correlation", "[%X{trace_id:-}] ");
        if (!"local".equalsIgnoreCase(environment.getProperty("firebreak.profile", ""))) {
            defaults.put("logging.structured.format.console", "ecs");
            defaults.put("logging.structured.ecs.service.node-name", environment.getProperty("firebreak.node", ""));
        }
        environment.getPropertySources().addLast(new MapPropertySource(NAME, defaults));
    }

    /** After the configuration files were read. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
