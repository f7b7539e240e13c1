package dev.firebreak.tasks;

import static dev.firebreak.tasks.Api.CATEGORIES;
import static dev.firebreak.tasks.Api.TASKS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.authn.RequiresScope;
import dev.firebreak.starter.test.StatementCounter;
import dev.firebreak.trust.test.TestIssuer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** The document and the service describe the same API: neither has an operation or an outcome that the other has not. */
@ServiceIT
class ContractIT {
    private static final String LARGE = "{\"title\":\"" + "a".repeat(66_000) + "\"}";

    @Autowired
    Api api;

    @Autowired
    TestIssuer issuer;

    @Autowired
    StatementCounter sql;

    @Autowired
    JdbcClient jdbc;

    @Autowired
    @Qualifier("requestMappingHandlerMapping")
    RequestMappingHandlerMapping handlers;

    @AfterEach
    void trustIsBack() {
        issuer.thaw();
    }

    @Test
    void documentAndCodeHaveTheSameOperations() {
        Set<String> served = new TreeSet<>();
        handlers.getHandlerMethods().forEach((mapping, handler) -> {
            for (String path : mapping.getPatternValues()) {
                for (var method : mapping.getMethodsCondition().getMethods()) {
                    if (path.startsWith("/api/")) {
                        String scope =
                                handler.getMethodAnnotation(RequiresScope.class).value();
                        served.add(method + " " + path + " " + scope);
                    }
                }
            }
        });

        assertThat(OpenApiContract.load().operations()).isEqualTo(served);
    }

    @Test
    void everyDocumentedOutcomeHappens() {
        Api.Client alice = api.newUser();
        for (String operation : OpenApiContract.load().operations()) {
            String[] parts = operation.split(" ");
            provoke(alice, parts[0], parts[1]);
        }
        conflicts();

        Set<String> never = new TreeSet<>(OpenApiContract.load().outcomes());
        never.removeAll(OpenApiContract.seen());
        assertThat(never).isEmpty();
    }

    /** Every outcome that does not depend on what the operation does. */
    private void provoke(Api.Client alice, String method, String template) {
        boolean task = template.startsWith(TASKS);
        boolean one = template.contains("{id}");
        String stored = one ? make(alice, task).header("Location") : "";
        String path = one ? template.replaceAll("^.*\\{id}", stored) : template;
        String missing = template.replace("{id}", UUID.randomUUID().toString());
        String type = method.equals("PATCH") ? "application/merge-patch+json" : "application/json";
        boolean hasBody = List.of("POST", "PUT", "PATCH").contains(method) && !template.endsWith("completion");
        String body = hasBody ? body(task) : null;
        List<String> headers = new ArrayList<>(List.of("If-Match", "*"));
        if (hasBody) {
            headers.addAll(List.of("Content-Type", type));
        }

        // 400, 401, 403, 404, 406, 412, 413, 415, 428, 500, 503, in whatever order suits; success last, as it may
        // delete
        send(api.anonymous(), method, path, body, headers);
        send(api.withToken(issuer.serviceToken("demo-service")), method, path, body, headers);
        send(alice, method, one ? template.replace("{id}", "42") : path + "?limit=0", hasBody ? "{" : null, headers);
        send(alice, method, missing, body, headers);
        send(alice, method, path, body, with(headers, "Accept", "text/html"));
        send(alice, method, path, body, List.of("If-Match", "\"77\"", "Content-Type", type));
        send(alice, method, path, body, List.of("Content-Type", type));
        send(alice, method, path, hasBody ? LARGE : null, headers);
        send(alice, method, path, body, List.of("If-Match", "*", "Content-Type", "text/plain"));
        sql.failNext(new SQLException("planned", "XX000"));
        send(alice, method, path, body, headers);
        sql.failNext(new SQLException("planned", "57P01"));
        send(alice, method, path, body, headers);
        if (method.equals("GET") && one) {
            send(alice, method, path, null, List.of("If-None-Match", "\"1\""));
        }
        send(
                alice,
                method,
                one ? make(alice, task).header("Location") + template.replaceAll("^.*\\{id}", "") : path,
                body,
                headers);
    }

    private static void send(Api.Client client, String method, String path, String body, List<String> headers) {
        client.send(method, path, body, headers.toArray(String[]::new));
    }

    private static List<String> with(List<String> headers, String name, String value) {
        List<String> all = new ArrayList<>(headers);
        all.add(name);
        all.add(value);
        return all;
    }

    private static Api.Answer make(Api.Client client, boolean task) {
        return task ? client.task("a") : client.post(CATEGORIES, body(false));
    }

    private static String body(boolean task) {
        return task ? "{\"title\":\"b\"}" : "{\"name\":\"" + UUID.randomUUID() + "\"}";
    }

    private void conflicts() {
        UUID full = UUID.randomUUID();
        Api.Client client = api.withToken(issuer.accessTokenOf(full.toString(), "sid"));
        String category = client.post(CATEGORIES, "{\"name\":\"Garden\"}").header("Location");
        client.put(category, "{\"name\":\"Work\"}", "If-Match", "*");
        client.patch(category, "{\"name\":\"Work\"}", "If-Match", "*");
        client.post(CATEGORIES, "{\"name\":\"Work\"}");
        client.task("a");
        jdbc.sql("UPDATE task_owner SET tasks = 10000 WHERE owner_id = :id")
                .param("id", full)
                .update();
        assertThat(client.task("one too many").code()).isEqualTo("task.limit_reached");
    }
}
