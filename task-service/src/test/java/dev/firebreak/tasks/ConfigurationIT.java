package dev.firebreak.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.starter.test.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What stops the start, and what it says. */
@ExtendWith(OutputCaptureExtension.class)
class ConfigurationIT {
    private final TestPostgres.Database database = TestPostgres.empty();

    @Test
    void aMisspeltKeyStopsTheStart(CapturedOutput output) {
        assertRefused("firebreak.trust.pol-every=1s");

        assertThat(output).contains("firebreak.trust.pol-every", "APPLICATION FAILED TO START");
    }

    @Test
    void aMisspeltKeyInTheFirstLevelStopsTheStart(CapturedOutput output) {
        assertRefused("firebreak.isuer=http://localhost");

        assertThat(output).contains("firebreak.isuer");
    }

    @Test
    void aMissingKeyIsNamedInOneSentence(CapturedOutput output) {
        assertRefused("firebreak.node=");
        assertThat(output)
                .contains("firebreak.node is missing: give this process a stable name such as task-service-1");
    }

    @Test
    void aValueOutOfBoundsIsNamed(CapturedOutput output) {
        assertRefused("firebreak.trust.hard-cap=2h");

        assertThat(output).contains("firebreak.trust.hard-cap must lie between");
    }

    @Test
    void aRuleForANumberIsNamed(CapturedOutput output) {
        assertRefused("firebreak.pools.tasks.size=0");

        assertThat(output).contains("firebreak.pools.tasks.size must be greater than or equal to 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "firebreak.authn.enabled=false",
                "spring.autoconfigure.exclude=dev.firebreak.starter.authn.AuthnAutoConfiguration"
            })
    void noKeyOpensTheApi(String key, CapturedOutput output) {
        assertRefused(key);

        assertThat(output).contains("firebreak.authn.enabled must be true");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "firebreak.profile=production",
                "spring.profiles.active=local",
                "spring.profiles.active=test",
                "spring.profiles.active=drill,control"
            })
    void noProfileOpensTheApi(String key) {
        try (RunningService service = RunningService.start(database, database.port(), key)) {
            assertThat(service.get("local.server.port", "/api/v1/tasks").statusCode())
                    .isEqualTo(401);
            assertThat(service.get("local.server.port", "/api/v1/tasks?subject=00000000-0000-0000-0000-000000000001")
                            .statusCode())
                    .isEqualTo(401);
        }
    }

    private void assertRefused(String argument) {
        assertThatThrownBy(() -> RunningService.start(database, database.port(), argument)
                        .close())
                .isInstanceOf(Exception.class);
    }
}
