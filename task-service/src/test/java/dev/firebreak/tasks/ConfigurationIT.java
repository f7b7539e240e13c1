package dev.firebreak.tasks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.starter.test.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
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

    @Test
    void noKeyOpensTheApi(CapturedOutput output) {
        assertRefused("firebreak.authn.enabled=false");

        assertThat(output).contains("firebreak.authn.enabled must stay true").contains("asks for a scope");
    }

    private void assertRefused(String argument) {
        assertThatThrownBy(() -> RunningService.start(database, database.port(), argument)
                        .close())
                .isInstanceOf(Exception.class);
    }
}
