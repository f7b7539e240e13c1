package dev.firebreak.starter.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.starter.authn.Caller;
import dev.firebreak.starter.test.TestTrust;
import dev.firebreak.trust.ClientKey;
import dev.firebreak.trust.test.TestIssuer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The starter as different services use it: with a feed, without any authentication, with a context path. */
@ExtendWith(OutputCaptureExtension.class)
class OtherShapesIT {
    @RestController
    static class Forgotten {
        @GetMapping("/api/v1/forgotten")
        String forgotten(Caller caller) {
            return caller.subject();
        }
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
                "test.api=false",
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "firebreak.authn.enabled=false",
                "spring.autoconfigure.exclude=dev.firebreak.starter.authn.AuthnAutoConfiguration"
            })
    void anApiThatNobodyGuardsStopsTheStart(String key) {
        assertThatThrownBy(() -> start(List.of(TestTrust.class), key).close())
                .hasStackTraceContaining("firebreak.authn.enabled must be true");
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
        try (ConfigurableApplicationContext context = start(List.of(TestTrust.class), "firebreak.profile=production")) {
            new Http(port(context))
                    .get("/open/documented", "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        }

        assertThat(output.getOut().lines().filter(line -> line.contains("answered 404")))
                .singleElement()
                .asString()
                .startsWith("{\"@timestamp\"")
                .contains("\"code\":\"task.not_found\"", "\"trace_id\":\"4bf92f3577b34da6a3ce929d0e0e4736\"", "test-1");
    }

    private static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    private static ConfigurableApplicationContext start(List<Class<?>> more, String... keys) {
        List<Class<?>> sources = new ArrayList<>(more);
        sources.add(TestService.class);
        List<String> args = new ArrayList<>(List.of(
                "--firebreak.node=test-1",
                "--firebreak.issuer=" + TestTrust.ISSUER,
                "--firebreak.public-origin=" + TestTrust.ORIGIN,
                "--server.port=0"));
        if (List.of(keys).stream().noneMatch(key -> key.startsWith("firebreak.profile="))) {
            args.add("--firebreak.profile=local");
        }
        for (String key : keys) {
            args.add("--" + key);
        }
        return new SpringApplicationBuilder(sources.toArray(Class<?>[]::new)).run(args.toArray(String[]::new));
    }
}
