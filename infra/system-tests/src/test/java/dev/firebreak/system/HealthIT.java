package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Part;
import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.ApiClient;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Wire;
import dev.firebreak.system.harness.WithStack;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Health as a load balancer asks for it, and metrics as a scraper does. */
@WithStack
class HealthIT {
    private static final Pattern SERIES = Pattern.compile("(?m)^([a-z_]+)[{ ]");

    private final SystemStack stack;

    HealthIT(SystemStack stack) {
        this.stack = stack;
    }

    @ParameterizedTest
    @EnumSource(
            value = Part.class,
            names = {"AUTH_SERVER", "TASK_SERVICE", "GATEWAY"})
    void isToldOnEachServicesMainPortWithoutAuthentication(Part part) {
        ApiClient anybody = new ApiClient(stack.direct(part), null);

        for (String path : new String[] {"/livez", "/readyz"}) {
            Answer health = anybody.get(path).expect(200);
            assertThat(health.json().path("status").asString())
                    .as(health::toString)
                    .isEqualTo("ok");
            assertThat(health.json().path("reasons").isArray()).isTrue();
            assertThat(health.json().path("reasons")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Part.class,
            names = {"AUTH_SERVER", "TASK_SERVICE", "GATEWAY"})
    void hasMetricsOnTheManagementPort(Part part) {
        Answer metrics = scrape(part).expect(200);

        assertThat(metrics.body()).contains("jvm_memory_used_bytes").contains("# TYPE");
    }

    @ParameterizedTest
    @EnumSource(
            value = Part.class,
            names = {"AUTH_SERVER", "TASK_SERVICE", "GATEWAY"})
    void keepsManagementOffTheMainPort(Part part) {
        Answer answer = new ApiClient(stack.direct(part), null).get("/actuator/prometheus");

        assertThat(answer.status()).as(answer::toString).isIn(401, 404);
    }

    @ParameterizedTest
    @EnumSource(
            value = Part.class,
            names = {"AUTH_SERVER", "TASK_SERVICE"})
    void measuresEveryPool(Part part) {
        assertThat(scrape(part).expect(200).body())
                .contains("hikaricp_connections_max{")
                .contains("hikaricp_connections_pending{");
    }

    /** An alert on a name that nobody exposes never fires, and one on a counter that is not yet there misses the first event. */
    @Test
    void exposesEverythingThatAlertsAndRunbooksRead() throws IOException {
        Set<String> exposed = new TreeSet<>();
        for (Part part : List.of(Part.AUTH_SERVER, Part.TASK_SERVICE, Part.GATEWAY)) {
            Matcher name = SERIES.matcher(scrape(part).expect(200).body());
            while (name.find()) {
                exposed.add(name.group(1));
            }
        }

        Path golden = SystemStack.repository().resolve("infra/observability/src/test/resources/golden/metrics.txt");
        assertThat(Files.readAllLines(golden).stream()
                        .map(String::strip)
                        .filter(line -> !line.isEmpty() && !line.startsWith("#")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(exposed).contains(name));
    }

    private Answer scrape(Part part) {
        return Wire.send("GET", management(part).resolve("/actuator/prometheus"), Map.of("Accept", "text/plain"), null);
    }

    private URI management(Part part) {
        int port = switch (part) {
            case AUTH_SERVER -> stack.ports().authManagement();
            case TASK_SERVICE -> stack.ports().tasksManagement();
            case GATEWAY -> stack.ports().gatewayManagement();
            case AUTH_DB, TASKS_DB -> throw new IllegalArgumentException(part + " has none");
        };
        return URI.create("http://127.0.0.1:" + port);
    }
}
