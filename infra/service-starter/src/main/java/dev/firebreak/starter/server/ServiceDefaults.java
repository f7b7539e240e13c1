package dev.firebreak.starter.server;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.EnvironmentPostProcessor;
import org.springframework.boot.SpringApplication;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** Defaults of Boot's own keys for every Firebreak service, at the lowest precedence of all. */
final class ServiceDefaults implements EnvironmentPostProcessor, Ordered {
    private static final String NAME = "firebreakDefaults";

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        if (environment.getPropertySources().contains(NAME)) {
            return;
        }
        Map<String, Object> defaults = new LinkedHashMap<>();
        server(defaults);
        local(defaults, environment);
        calls(defaults);
        json(defaults);
        management(defaults);
        database(defaults);
        logging(defaults, environment);
        environment.getPropertySources().addLast(new MapPropertySource(NAME, defaults));
    }

    private static void server(Map<String, Object> defaults) {
        defaults.put("spring.threads.virtual.enabled", "true");
        defaults.put("spring.main.banner-mode", "off");
        // Requests under way end well: twice the longest ordinary deadline.
        defaults.put("server.shutdown", "graceful");
        defaults.put("spring.lifecycle.timeout-per-shutdown-phase", "10s");
        // An access token is about 1 KB, the gateway strips cookies: 16 KB is generous.
        defaults.put("server.max-http-request-header-size", "16KB");
        // A client that dawdles over its headers or between two packets of its body.
        defaults.put("server.tomcat.connection-timeout", "5s");
        // Longer than the gateway keeps an idle connection (15 s), so that the gateway closes first and none is reset.
        defaults.put("server.tomcat.keep-alive-timeout", "60s");
        defaults.put("server.tomcat.max-keep-alive-requests", "10000");
        // Far above any in-flight limit: health must still connect while requests are being refused.
        defaults.put("server.tomcat.max-connections", "4096");
        defaults.put("server.tomcat.accept-count", "256");
        defaults.put("server.tomcat.max-swallow-size", "256KB");
        defaults.put("server.tomcat.max-http-form-post-size", "64KB");
        defaults.put("server.tomcat.max-parameter-count", "100");
        // The platform's own forwarded headers are never believed: addresses come from configuration.
        defaults.put("server.forward-headers-strategy", "none");
        defaults.put("spring.mvc.problemdetails.enabled", "false");
        defaults.put("spring.mvc.formcontent.filter.enabled", "false");
        defaults.put("spring.servlet.multipart.enabled", "false");
        defaults.put("spring.jmx.enabled", "false");
    }

    /** Only a developer's own machine: see the refusal of every other address in {@link ServerAutoConfiguration}. */
    private static void local(Map<String, Object> defaults, ConfigurableEnvironment environment) {
        if (isLocal(environment)) {
            defaults.put("server.address", "127.0.0.1");
        }
    }

    private static boolean isLocal(ConfigurableEnvironment environment) {
        return "local".equalsIgnoreCase(environment.getProperty("firebreak.profile", ""));
    }

    private static void calls(Map<String, Object> defaults) {
        // A host that does not accept within a second is down or drowned; the rest of the deadline is for somebody
        // else.
        defaults.put("spring.http.clients.connect-timeout", "1s");
        // Below the default deadline of 5 s, so that whoever called can still be told.
        defaults.put("spring.http.clients.read-timeout", "4s");
        // The call stays where it was sent: its credentials must not go where a redirect leads.
        defaults.put("spring.http.clients.redirects", "dont-follow");
    }

    private static void json(Map<String, Object> defaults) {
        // As the problem documents and every other contract of ours.
        defaults.put("spring.jackson.property-naming-strategy", "SNAKE_CASE");
        // What is not understood is refused, not guessed: unknown members, "5" for 5, a time where a date belongs.
        defaults.put("spring.jackson.deserialization.fail-on-unknown-properties", "true");
        defaults.put("spring.jackson.mapper.allow-coercion-of-scalars", "false");
        defaults.put("spring.jackson.default-leniency", "false");
        defaults.put("spring.jackson.factory.constraints.read.max-nesting-depth", "50");
    }

    private static void management(Map<String, Object> defaults) {
        defaults.put("management.endpoints.web.exposure.include", "prometheus,info,pools");
        defaults.put("management.endpoints.web.discovery.enabled", "false");
        // Health is /livez and /readyz on the main port; Boot's own would ask the database at each request.
        defaults.put("management.endpoint.health.access", "none");
        defaults.put("management.health.defaults.enabled", "false");
        defaults.put("management.metrics.distribution.percentiles-histogram.http.server.requests", "true");
    }

    private static void database(Map<String, Object> defaults) {
        // Migrations are a step of their own, with a role of their own (--firebreak.run=migrate).
        defaults.put("spring.flyway.enabled", "false");
        // Otherwise the dialect is asked of the database at start, which may be away.
        defaults.put("spring.data.jdbc.dialect", "postgresql");
    }

    private static void logging(Map<String, Object> defaults, ConfigurableEnvironment environment) {
        defaults.put("logging.pattern.correlation", "[%X{trace_id:-}] ");
        if (!isLocal(environment)) {
            defaults.put("logging.structured.format.console", "ecs");
            defaults.put("logging.structured.ecs.service.node-name", environment.getProperty("firebreak.node", ""));
        }
    }

    /** After the configuration files were read. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }
}
