package dev.firebreak.starter.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.starter.authn.Caller;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.TestPostgres;
import dev.firebreak.starter.test.TestTrust;
import dev.firebreak.trust.ClientKey;
import dev.firebreak.trust.test.TestIssuer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystemProperty;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The starter as different services use it: with a feed, without any authentication, with a context path. */
@ExtendWith(OutputCaptureExtension.class)
class OtherShapesIT {
    private static final String[] PRODUCTION = {
        "firebreak.profile=production",
        "firebreak.issuer=https://tasks.example.org/auth",
        "firebreak.public-origin=https://tasks.example.org"
    };

    @RestController
    static class Forgotten {
        @GetMapping("/api/v1/forgotten")
        String forgotten(Caller caller) {
            return caller.subject();
        }
    }

    /** Boot leaves the format of the JSON logs behind in the JVM. */
    @AfterEach
    void forgetTheLogFormat() {
        System.clearProperty(LoggingSystemProperty.CONSOLE_STRUCTURED_FORMAT.getEnvironmentVariableName());
    }

    @Test
    void aHandlerWithoutAScopeStopsTheStart() {
        assertThatThrownBy(
                        () -> start(List.of(TestTrust.class, Forgotten.class)).close())
                .hasMessageContaining("/api/v1/forgotten")
                .hasMessageContaining("add @RequiresScope");
    }

    @Test
    void aProcessWithItsOwnSecurityTakesTheRestOfTheStarter() {
        try (ConfigurableApplicationContext context = start(
                List.of(),
                "firebreak.authn.enabled=false",
                "firebreak.trust.enabled=false",
                "server.servlet.context-path=/auth")) {
            Http http = new Http(port(context));

            // Health stands at the root of the port, whatever the context path.
            assertThat(http.get("/livez").statusCode()).isEqualTo(200);
            assertThat(http.get("/readyz").body()).isEqualTo("{\"status\":\"ok\",\"reasons\":[]}");
            assertThat(http.get("/auth/open/deadline").statusCode()).isEqualTo(200);
            assertThat(Http.json(http.get("/auth/open/documented")).get("code").asString())
                    .isEqualTo("task.not_found");
            assertThat(Http.json(http.get("/elsewhere")).get("code").asString()).isEqualTo("request.unknown_path");
        }
    }

    @Test
    void aDatabaseThatGrantsTooFewConnectionsIsToldAtReadiness() {
        TestPostgres.Database database = TestPostgres.empty();
        List<String> keys = new ArrayList<>(List.of(
                "firebreak.authn.enabled=false", "firebreak.trust.enabled=false", "firebreak.capacity.nodes=500"));
        TestPostgres.properties("tasks", database, database.port())
                .forEach((key, value) -> keys.add(key + "=" + value));
        try (ConfigurableApplicationContext context = start(List.of(), keys.toArray(String[]::new))) {
            Http http = new Http(port(context));

            Eventually.within(
                    Duration.ofSeconds(20),
                    "it says so and keeps serving",
                    () -> http.get("/readyz")
                            .body()
                            .equals("{\"status\":\"degraded\",\"reasons\":[\"pool.connection_limit\"]}"));
            assertThat(http.get("/readyz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void withoutTrustDataAServiceIsDownAndJudgesNobody(@TempDir Path folder) {
        Path key = folder.resolve("client.jwk");
        ClientKey.generate("k1").save(key);
        // Nobody listens on port 1 of this machine.
        try (ConfigurableApplicationContext context = start(
                List.of(),
                "firebreak.client.id=test-service",
                "firebreak.client.key-file=" + key,
                "firebreak.trust.url=http://127.0.0.1:1/auth/internal/v1/trust",
                "firebreak.trust.state-folder=" + folder.resolve("state"))) {
            Http http = new Http(port(context));
            String token = new TestIssuer(TestTrust.ISSUER, Clock.systemUTC()).accessToken();

            var ready = http.get("/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(ready.body()).isEqualTo("{\"status\":\"down\",\"reasons\":[\"trust.never_read\"]}");
            assertThat(http.get("/livez").statusCode()).isEqualTo(200);
            assertThat(http.get("/api/v1/me", "Authorization", "Bearer " + token)
                            .statusCode())
                    .isEqualTo(503);
        }
    }

    @Test
    void trustNeedsToKnowWhereItsFeedIs(CapturedOutput output) {
        assertThatThrownBy(() -> start(List.of()).close()).isInstanceOf(Exception.class);

        assertThat(output).contains("firebreak.client", "this process's client id and key file");
    }

    @Test
    void logsAreJsonOutsideTheLocalProfile(CapturedOutput output) {
        try (ConfigurableApplicationContext context = start(List.of(TestTrust.class), PRODUCTION)) {
            new Http(port(context))
                    .get("/open/documented", "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        }

        assertThat(output.getOut().lines().filter(line -> line.contains("answered 404")))
                .singleElement()
                .asString()
                .startsWith("{\"@timestamp\"")
                .contains("\"code\":\"task.not_found\"", "\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\"", "test-1");
    }

    @Test
    void plainHttpStopsTheStartOutsideTheLocalProfile(CapturedOutput output) {
        assertThatThrownBy(() -> start(List.of(TestTrust.class), "firebreak.profile=production")
                        .close())
                .isInstanceOf(Exception.class);

        assertThat(output).contains("firebreak.issuer must be https");
    }

    @Test
    void theLocalProfileListensOnThisMachineOnly(CapturedOutput output) {
        try (ConfigurableApplicationContext context = start(List.of(TestTrust.class))) {
            assertThat(context.getEnvironment().getProperty("server.address")).isEqualTo("127.0.0.1");
        }
        assertThatThrownBy(() -> start(List.of(TestTrust.class), "server.address=0.0.0.0")
                        .close())
                .isInstanceOf(Exception.class);
        assertThat(output).contains("server.address", "firebreak.profile is local", "the address must be 127.0.0.1");

        try (ConfigurableApplicationContext context = start(List.of(TestTrust.class), PRODUCTION)) {
            assertThat(context.getEnvironment().getProperty("server.address")).isNull();
        }
    }

    private static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static ConfigurableApplicationContext start(List<Class<?>> more, String... keys) {
        List<Class<?>> sources = new ArrayList<>(more);
        sources.add(TestService.class);
        Map<String, String> all = new LinkedHashMap<>(Map.of(
                "firebreak.profile", "local",
                "firebreak.run", "serve",
                "firebreak.node", "test-1",
                "firebreak.issuer", TestTrust.ISSUER,
                "firebreak.public-origin", TestTrust.ORIGIN,
                "server.port", "0"));
        for (String key : keys) {
            all.put(key.substring(0, key.indexOf('=')), key.substring(key.indexOf('=') + 1));
        }
        List<String> args = all.entrySet().stream()
                .map(key -> "--" + key.getKey() + "=" + key.getValue())
                .toList();
        return new SpringApplicationBuilder(sources.toArray(Class<?>[]::new)).run(args.toArray(String[]::new));
    }
}
