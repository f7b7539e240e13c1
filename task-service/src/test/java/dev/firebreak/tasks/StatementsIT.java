package dev.firebreak.tasks;

import static dev.firebreak.tasks.Api.TASKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.test.StatementCounter;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** What a request costs the database. */
@ServiceIT
class StatementsIT {
    @Autowired
    Api api;

    @Autowired
    StatementCounter sql;

    private Api.Client alice;
    private String task;

    @BeforeEach
    void aUserWithATask() {
        alice = api.newUser();
        task = alice.task("a").header("Location");
        sql.reset();
    }

    @Test
    void aPageOfTasksIsOneStatementForTheTasks() {
        assertThat(alice.get(TASKS + "?limit=1&completed=false").status()).isEqualTo(200);

        assertThat(sql.statements()).singleElement().asString().contains("FROM task", "LIMIT");
        assertThat(sql.connections()).isEqualTo(1);
    }

    @Test
    void aFirstPageOfANewcomerIsOneStatementToo() {
        assertThat(api.newUser().get(TASKS).status()).isEqualTo(200);

        assertThat(sql.statements()).hasSize(1);
    }

    @Test
    void aTaskIsOneStatement() {
        assertThat(alice.get(task).status()).isEqualTo(200);

        assertThat(sql.statements()).hasSize(1);
    }

    @Test
    void authenticationIsNone() {
        assertThat(api.anonymous().get(TASKS).status()).isEqualTo(401);
        assertThat(api.withToken("bad").get(TASKS).status()).isEqualTo(401);
        // An unheard-of token, good but for the address: everything of a request except its handler.
        assertThat(api.newUser().get("/api/v1/nothing").status()).isEqualTo(404);

        assertThat(sql.statements()).isEmpty();
        assertThat(sql.connections()).isZero();
    }

    @Test
    void refusedRequestsAreNone() {
        alice.post(TASKS, "{\"title\":\"\"}");
        alice.delete(task);
        alice.get(TASKS + "?limit=0");

        assertThat(sql.statements()).isEmpty();
    }

    @Test
    void writesStayFew() {
        alice.task("b");
        assertThat(sql.statements()).hasSize(2);
        sql.reset();

        alice.patch(task, "{\"title\":\"c\"}", "If-Match", "\"1\"");
        assertThat(sql.statements()).hasSize(2);
    }
}
