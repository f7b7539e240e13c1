package dev.firebreak.contracts.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConnectionBudgetTest {
    @ParameterizedTest
    @CsvSource({
        // nodes, surge, pooled, listeners, needed
        "1, 0,   8, 1,  11",
        "1, 1,   8, 1,  20",
        "2, 1,   8, 1,  29",
        "2, 1,  10, 2,  38",
        "3, 1,  14, 3,  70",
        // What the incident asked for: pools of 50 and 100 on one database.
        "2, 1, 150, 2, 458"
    })
    void everyNodeOpensAllItsPoolsWhileOneReplacesAnother(int nodes, int surge, int pooled, int listeners, int needed) {
        assertThat(new ConnectionBudget(nodes, surge, pooled, listeners).needed())
                .isEqualTo(needed);
    }

    @ParameterizedTest
    @CsvSource({
        // limit, max, reserved, granted, fits: 29 are needed, and 5 are for monitoring
        "29,  40, 3, 32, true",
        "29,  39, 3, 32, false",
        "28, 100, 3, 31, false",
        "30, 100, 3, 33, true",
        // Without a limit of its own the role counts with what it needs.
        "-1,  40, 3,  3, true",
        "-1,  39, 3,  3, false",
        // A limit of 0 lets nobody in.
        " 0, 100, 3,  0, false"
    })
    void theRoleAndTheServerMustGrantIt(int limit, int max, int reserved, int granted, boolean fits) {
        ServerLimits server = new ServerLimits("tasks_app", limit, max, reserved, granted);

        assertThat(new ConnectionBudget(2, 1, 8, 1).shortage(server).isEmpty()).isEqualTo(fits);
    }

    @Test
    void saysTheNumbersOfAShortRole() {
        assertThat(new ConnectionBudget(2, 1, 8, 1).shortage(new ServerLimits("tasks_app", 20, 80, 3, 23)))
                .contains(
                        "The role tasks_app may open 20 connections but (2 nodes + 1 surge) × (8 pooled + 1 listeners)"
                                + " + 2 = 29 are needed: raise its CONNECTION LIMIT or make the pools smaller.");
    }

    @Test
    void saysTheNumbersOfAShortServer() {
        assertThat(new ConnectionBudget(2, 1, 8, 1).shortage(new ServerLimits("tasks_app", 60, 50, 3, 63)))
                .contains(
                        "max_connections is 50 but 63 of all roles + 3 reserved + 5 monitoring = 71 are promised: raise"
                                + " it or lower the roles' CONNECTION LIMITs (this role needs (2 nodes + 1 surge) × (8 pooled +"
                                + " 1 listeners) + 2 = 29).");
    }
}
