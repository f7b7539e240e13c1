package dev.firebreak.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.cli.doctor.Check.Verdict;
import dev.firebreak.contracts.capacity.ConnectionBudget;
import dev.firebreak.contracts.capacity.ServerLimits;
import org.junit.jupiter.api.Test;

class ConnectionChecksTest {
    private final ConnectionBudget budget = new ConnectionBudget(2, 1, 8, 1);

    @Test
    void showsBothSumsWhenTheyHold() {
        Check check = ConnectionChecks.judge("tasks-db", budget, new ServerLimits("tasks_app", 60, 80, 3, 63));

        assertThat(check.verdict()).isEqualTo(Verdict.OK);
        assertThat(check.found())
                .isEqualTo("connections: (2 nodes + 1 surge) × (8 pooled + 1 listeners) + 2 = 29, tasks_app has 60;"
                        + " 63 of all roles + 3 reserved + 5 monitoring = 71, max_connections 80");
    }

    @Test
    void failsWithTheSentenceOfTheService() {
        ServerLimits tight = new ServerLimits("tasks_app", 20, 80, 3, 23);

        Check check = ConnectionChecks.judge("tasks-db", budget, tight);

        assertThat(check.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(check.found()).isEqualTo(budget.shortage(tight).orElseThrow());
    }
}
