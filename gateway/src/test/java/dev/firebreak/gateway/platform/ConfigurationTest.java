package dev.firebreak.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ConfigurationTest {
    final Map<String, String> settings = new LinkedHashMap<>(Map.ofEntries(
            Map.entry("firebreak.profile", "local"),
            Map.entry("firebreak.run", "serve"),
            Map.entry("firebreak.node", "gateway-1"),
            Map.entry("firebreak.issuer", "http://localhost:8080/auth"),
            Map.entry("firebreak.public-origin", "http://localhost:8080"),
            Map.entry("firebreak.client.id", "gateway"),
            Map.entry("firebreak.client.key-file", "secrets/gateway.jwk"),
            Map.entry("firebreak.trust.url", "http://127.0.0.1:9002/auth/internal/v1/trust"),
            Map.entry("firebreak.trust.state-folder", "state/gateway-1"),
            Map.entry("gateway.auth-upstream", "http://127.0.0.1:9000"),
            Map.entry("gateway.internal-upstream", "http://127.0.0.1:9002"),
            Map.entry("gateway.tasks-upstream", "http://127.0.0.1:9100"),
            Map.entry("gateway.cookie-ring-file", "secrets/cookie-ring.json")));

    ApplicationContextRunner runner() {
        return new ApplicationContextRunner()
                .withUserConfiguration(PlatformConfiguration.class)
                .withPropertyValues(settings.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + entry.getValue())
                        .toArray(String[]::new));
    }

    @Test
    void startsWithWhatIsRequiredAndSafeDefaults() {
        runner().run(context -> {
            GatewayProperties gateway = context.getBean(GatewayProperties.class);
            assertThat(gateway.renewAfter()).isEqualTo(Duration.ofMinutes(5));
            assertThat(gateway.renewal().briefWait()).isEqualTo(Duration.ofMillis(300));
            assertThat(gateway.renewal().fullWait()).isEqualTo(Duration.ofSeconds(3));
            assertThat(gateway.upstream().minTokenLeft()).isEqualTo(Duration.ofMillis(9500));
            assertThat(context.getBean(FirebreakProperties.class).apiAudience()).isEqualTo("http://localhost:8080/api");
            assertThat(context.getBean(PublicOrigin.class))
                    .isEqualTo(new PublicOrigin("http://localhost:8080", false, 8080));
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "firebreak.profile",
                "firebreak.run",
                "firebreak.node",
                "firebreak.issuer",
                "firebreak.public-origin",
                "firebreak.client.id",
                "firebreak.client.key-file",
                "firebreak.trust.url",
                "firebreak.trust.state-folder",
                "gateway.auth-upstream",
                "gateway.internal-upstream",
                "gateway.tasks-upstream",
                "gateway.cookie-ring-file"
            })
    void namesTheRequiredKeyThatIsMissing(String key) {
        settings.remove(key);

        assertStops(key + " is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "firebreak.run, migrate, the gateway can only serve",
        "firebreak.public-origin, https://a.example/path, must be an origin",
        "firebreak.public-origin, ftp://a.example, must be an origin",
        "firebreak.public-origin, http://tasks.example.org, must be https",
        "gateway.auth-upstream, http://127.0.0.1:9000/auth, must be scheme",
        "gateway.auth-upstream, 127.0.0.1, must be scheme",
        "gateway.renew-after, 15m, must lie between",
        "gateway.renew-after, 0s, must lie between",
        "gateway.renew-jitter, 5m, shorter than",
        "gateway.upstream.max-pending, 0, must be positive",
        "gateway.upstream.response-timeout, 0s, must be positive",
        "gateway.upstream.order-timeout, 0s, must be positive and at most 60s",
        "gateway.upstream.order-timeout, 61s, must be positive and at most 60s",
        "gateway.renewal.full-wait, 100ms, not longer than",
        "gateway.rate-limit.per-subject, 0, must be positive",
        "firebreak.overload.max-in-flight, 0, must be positive"
    })
    void saysWhatIsWrongWithAValue(String key, String value, String sentence) {
        settings.put(key, value);

        assertStops(sentence);
    }

    @Test
    void demandsHttpsOutsideTheLocalProfile() {
        settings.put("firebreak.profile", "production");
        assertStops("firebreak.issuer must be https");

        settings.put("firebreak.issuer", "https://tasks.example.org/auth");
        assertStops("firebreak.public-origin must be https");

        settings.put("firebreak.public-origin", "https://Tasks.Example.org:443");
        runner().run(context -> assertThat(context.getBean(PublicOrigin.class))
                .isEqualTo(new PublicOrigin("https://tasks.example.org", true, 443)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"firebreak.isuer", "firebreak.trust.pol-every", "gateway.renew-afterr", "gateway.upstream.x"})
    void stopsAtKeysItDoesNotKnow(String key) {
        settings.put(key, "1");

        runner().run(context -> assertThat(context).hasFailed());
    }

    @Test
    void explainsItselfInOneSentence() {
        Misconfigured cause = new Misconfigured("gateway.auth-upstream is missing: base URL");

        FailureAnalysis analysis = new MisconfiguredAnalyzer().analyze(new IllegalStateException(cause));

        assertThat(analysis.getDescription()).isEqualTo("gateway.auth-upstream is missing: base URL");
    }

    private void assertStops(String sentence) {
        runner().run(context -> {
            assertThat(context).hasFailed();
            Throwable root = context.getStartupFailure();
            while (root.getCause() != null) {
                root = root.getCause();
            }
            assertThat(root).isInstanceOf(Misconfigured.class).hasMessageContaining(sentence);
        });
    }
}
