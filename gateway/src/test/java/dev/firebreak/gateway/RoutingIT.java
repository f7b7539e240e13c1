package dev.firebreak.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RoutingIT {
    static TestGateway gateway;

    @BeforeAll
    static void start() {
        gateway = TestGateway.start();
    }

    @AfterAll
    static void stop() {
        gateway.close();
    }

    @Test
    void sendsTasksToTheTaskService() {
        Client.Answer answer = gateway.browser().get("/api/v1/tasks?limit=5");
        assertThat(answer.body()).isEqualTo("{\"items\":[]}");
        assertThat(answer.status()).isEqualTo(200);
    }
}
