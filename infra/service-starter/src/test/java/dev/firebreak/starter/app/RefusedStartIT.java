package dev.firebreak.starter.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.starter.run.FirebreakApplication;
import dev.firebreak.starter.test.TestTrust;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystemProperty;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/**
 * What the operator sees when the configuration is wrong: one sentence, and no process. In the incident a missing
 * ENVIRONMENT made a node take itself for something else, and serve.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefusedStartIT {
    private static final Pattern DESCRIPTION = Pattern.compile("(?s)Description:\\s+(.*?)\\s+Action:");

    private final Map<String, String> keys = new LinkedHashMap<>(Map.of(
            "firebreak.profile", "local",
            "firebreak.run", "serve",
            "firebreak.node", "test-1",
            "firebreak.issuer", TestTrust.ISSUER,
            "firebreak.public-origin", TestTrust.ORIGIN,
            "firebreak.trust.enabled", "false",
            "firebreak.authn.enabled", "false",
            "server.port", "0"));

    /** Boot leaves the format of the JSON logs behind in the JVM. */
    @AfterEach
    void forgetTheLogFormat() {
        System.clearProperty(LoggingSystemProperty.CONSOLE_STRUCTURED_FORMAT.getEnvironmentVariableName());
    }

    @ParameterizedTest
    @CsvSource({
        "firebreak.profile, say local or production",
        "firebreak.run, 'say serve, or a run mode such as migrate'",
        "firebreak.node, give this process a stable name such as task-service-1"
    })
    void aMissingProfileRoleOrNameStopsTheStartWithExactlyOneSentence(
            String key, String advice, CapturedOutput output) {
        keys.remove(key);

        assertStops(output, key + " is missing: " + advice);
    }

    @Test
    void aProcessToldToMigrateDoesNotServeInstead(CapturedOutput output) {
        keys.put("firebreak.run", "migrate");

        // As a settings file says it, and no command line.
        assertThatThrownBy(() -> new SpringApplicationBuilder(TestService.class)
                        .properties(Map.copyOf(keys))
                        .run())
                .isInstanceOf(Exception.class);

        assertThat(description(output))
                .isEqualTo("firebreak.run is migrate but this process was started to serve: a run mode is said on the"
                        + " command line, as --firebreak.run=migrate");
    }

    /** Each takes away what would have asked for a token, or for a scope. */
    @ParameterizedTest
    @CsvSource({
        "firebreak.authn.enabled, false",
        "spring.autoconfigure.exclude, dev.firebreak.starter.authn.AuthnAutoConfiguration",
    })
    void noKeyOpensAnApi(String key, String value, CapturedOutput output) {
        keys.put(key, value);
        String[] args = keys.entrySet().stream()
                .map(entry -> "--" + entry.getKey() + "=" + entry.getValue())
                .toArray(String[]::new);

        assertThatThrownBy(() -> new SpringApplicationBuilder(TestService.class, ApiHandler.class)
                        .run(args)
                        .close())
                .isInstanceOf(Exception.class);

        assertThat(description(output))
                .isEqualTo("firebreak.authn.enabled must stay true, and its auto-configuration included: ApiHandler#me"
                        + " asks for a scope that nothing would check");
    }

    @Test
    void aPoolIsCheckedBeforeAnythingStarts(CapturedOutput output) {
        pool();
        keys.put("firebreak.pools.tasks.jdbc-url", "jdbc:postgresql://db/tasks?socketTimeout=60");

        assertStops(
                output,
                "firebreak.pools.tasks.jdbc-url must not set socketTimeout: it is fixed, because the waits belong"
                        + " together");
    }

    @Test
    void aPasswordInAUrlIsRefusedAndNotRepeated(CapturedOutput output) {
        pool();
        keys.put("firebreak.pools.tasks.jdbc-url", "jdbc:postgresql://app:hunter2@db/tasks");

        assertStops(
                output,
                "firebreak.pools.tasks.jdbc-url must not carry a password: put it into the file that password-file"
                        + " names");
        assertThat(output).doesNotContain("hunter2");
    }

    @Test
    void encryptionIsChosenOutsideTheLocalProfile(CapturedOutput output) {
        pool();
        keys.put("firebreak.profile", "production");
        keys.put("firebreak.issuer", "https://tasks.example.org/auth");
        keys.put("firebreak.public-origin", "https://tasks.example.org");
        keys.put("firebreak.pools.tasks.jdbc-url", "jdbc:postgresql://db/tasks");

        assertStops(
                output,
                "firebreak.pools.tasks.sslmode is missing: outside the local profile say verify-full, or another mode"
                        + " on purpose");
    }

    private void pool() {
        keys.put("firebreak.pools.tasks.user", "tasks_app");
        keys.put("firebreak.pools.tasks.password-file", "none");
    }

    private void assertStops(CapturedOutput output, String sentence) {
        String[] args = keys.entrySet().stream()
                .map(key -> "--" + key.getKey() + "=" + key.getValue())
                .toArray(String[]::new);

        assertThatThrownBy(() -> FirebreakApplication.run(TestService.class, args))
                .isInstanceOf(Exception.class);

        assertThat(description(output)).isEqualTo(sentence);
    }

    private static String description(CapturedOutput output) {
        // Outside the local profile, and without any, logs are JSON.
        Matcher description = DESCRIPTION.matcher(output.getAll().replace("\\n", "\n"));
        assertThat(description.find()).as(output.getAll()).isTrue();
        return description.group(1);
    }
}
