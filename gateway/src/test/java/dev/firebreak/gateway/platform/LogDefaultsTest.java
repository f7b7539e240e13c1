package dev.firebreak.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

class LogDefaultsTest {
    @Test
    void aDevelopersLinesNameTheirTrace() {
        StandardEnvironment environment = processed("local");

        assertThat(environment.getProperty("logging.pattern.correlation")).contains("%X{trace_id");
        assertThat(environment.getProperty("logging.structured.format.console")).isNull();
    }

    @Test
    void linesAreJsonOutsideTheLocalProfile() {
        StandardEnvironment environment = processed("production");

        assertThat(environment.getProperty("logging.structured.format.console")).isEqualTo("ecs");
        assertThat(environment.getProperty("logging.structured.ecs.service.node-name"))
                .isEqualTo("gateway-7");
    }

    private static StandardEnvironment processed(String profile) {
        StandardEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addLast(new MapPropertySource(
                        "file", Map.of("firebreak.profile", profile, "firebreak.node", "gateway-7")));
        new LogDefaults().postProcessEnvironment(environment, new SpringApplication());
        return environment;
    }
}
