package dev.firebreak.tasks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.trust.test.TestIssuer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

/** {@code @Transactional} works on package-private methods of package-private classes: a late failure undoes all. */
@ServiceIT
class TransactionIT {
    @Autowired
    Api api;

    @Autowired
    TestIssuer issuer;

    @Autowired
    JdbcClient jdbc;

    @Test
    void aTaskThatIsRefusedByItsLastStatementIsNotCounted() {
        UUID user = UUID.randomUUID();
        Api.Client client = api.withToken(issuer.accessTokenOf(user.toString(), "sid"));

        Api.Answer refused = client.post(Api.TASKS, "{\"title\":\"a\",\"category_id\":\"" + UUID.randomUUID() + "\"}");

        assertThat(refused.status()).isEqualTo(400);
        assertThat(counts("task_owner", user)).isEmpty();
        assertThat(counts("category_owner", user)).isEmpty();
        assertThat(counts("category", user)).isEmpty();
    }

    @Test
    void aCategoryWhoseNameIsTakenIsNotCounted() {
        UUID user = UUID.randomUUID();
        Api.Client client = api.withToken(issuer.accessTokenOf(user.toString(), "sid"));
        client.get(Api.CATEGORIES);

        assertThat(client.post(Api.CATEGORIES, "{\"name\":\"Work\"}").status()).isEqualTo(409);

        assertThat(jdbc.sql("SELECT categories FROM category_owner WHERE owner_id = :id")
                        .param("id", user)
                        .query(Integer.class)
                        .single())
                .isEqualTo(3);
    }

    private List<UUID> counts(String table, UUID owner) {
        return jdbc.sql("SELECT owner_id FROM " + table + " WHERE owner_id = :id")
                .param("id", owner)
                .query(UUID.class)
                .list();
    }
}
