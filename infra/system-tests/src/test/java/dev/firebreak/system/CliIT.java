package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.process.Processes;
import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.ApiClient;
import dev.firebreak.system.harness.Await;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.Command;
import dev.firebreak.system.harness.Figures;
import dev.firebreak.system.harness.HtmlForm;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The newcomer's path, through the real command line and nothing else: up, token, tasks, status, down. It has a checkout of
 * its own that consists of links to this one's jars, so that nobody's data is touched. First of all classes, so that the
 * start is measured on a machine that does nothing else.
 */
@Order(1)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CliIT {
    private static final Duration START_PROMISE = Duration.ofSeconds(30);
    private static final List<String> JARS = List.of("auth-server", "gateway", "task-service");

    private final Ports ports = Ports.free(Figures.random("CliIT"));
    private final URI origin = URI.create(ports.publicOrigin());
    private Path checkout;
    private Command.Result up;

    @BeforeAll
    @Timeout(150)
    void up() throws IOException {
        checkout = Files.createTempDirectory("firebreak-checkout-");
        Path repository = SystemStack.repository();
        link("infra/cli/pom.xml", repository);
        for (String jar : JARS) {
            link(jar + "/target/" + jar + ".jar", repository);
        }
        long start = System.nanoTime();
        up = firebreak("up", "--detach").expectSuccess();
        Answer first = new ApiClient(origin, null).get("/");
        Duration firstServed = Duration.ofNanos(System.nanoTime() - start);
        first.expect(200);
        Figures.record("Start", "firebreak up (built, fresh data), until the first served request", firstServed);
        assertThat(firstServed).as(up.toString()).isLessThan(START_PROMISE.multipliedBy(2));
    }

    @AfterAll
    @Timeout(60)
    void down() throws IOException {
        firebreak("down");
        try (Stream<Path> files = Files.walk(checkout)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void upEndsWithACardThatSaysWhatToDoNext() {
        assertThat(up.out())
                .contains(origin.toString())
                .contains("alice@example.com")
                .contains("curl")
                .contains(".firebreak");
    }

    @Test
    void tokenAsAliceListsTasks() {
        String token = firebreak("token", "--as", "alice@example.com")
                .expectSuccess()
                .out()
                .strip();

        Answer tasks = new ApiClient(origin, token).get(Tasks.PATH).expect(200);

        assertThat(tasks.json().path("items").isArray()).isTrue();
    }

    @Test
    void theFormAndACookieJarListTasksToo() {
        Browser browser = new Browser(origin, InstantSource.system());
        HtmlForm form = HtmlForm.withField(browser.navigate("/login?return_to=/"), "password")
                .with("username", "alice@example.com")
                .with("password", "firebreak");

        browser.submit(form).expect(200);

        Tasks.of(browser).list().expect(200);
    }

    @Test
    void statusNamesEveryPart() {
        JsonNode parts = status().path("parts");

        Map<String, String> states = parts.valueStream()
                .collect(Collectors.toMap(
                        p -> p.path("name").asString(), p -> p.path("state").asString()));
        assertThat(states.keySet())
                .containsExactlyInAnyOrder("auth-db", "tasks-db", "auth-server-1", "task-service-1", "gateway-1");
        assertThat(states.values()).containsOnly("ready");
        assertThat(parts).allSatisfy(part -> {
            assertThat(part.path("pid").isIntegralNumber()).isTrue();
            assertThat(part.path("port").isIntegralNumber()).isTrue();
            assertThat(part.path("uptime_s").isIntegralNumber()).isTrue();
        });
    }

    @Test
    void listsTheDemoAccounts() {
        String users = firebreak("users", "list").expectSuccess().out();

        assertThat(users).contains("alice@example.com", "bob@example.com", "ops@example.com", "operator");
    }

    @Test
    void saysUsageWithStatusTwo() {
        assertThat(firebreak("no-such-command").exit()).isEqualTo(2);
        assertThat(firebreak("token", "--as").exit()).isEqualTo(2);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    @Timeout(60)
    void downLeavesNoProcess() {
        Set<Long> pids = new TreeSet<>();
        status().path("parts").forEach(part -> {
            long pid = part.path("pid").asLong();
            pids.add(pid);
            ProcessHandle.of(pid).stream().flatMap(ProcessHandle::descendants).forEach(child -> pids.add(child.pid()));
        });
        assertThat(pids).as("services, databases and what these started").hasSizeGreaterThan(10);

        Command.Result down = firebreak("down").expectSuccess();

        Figures.record("Start", "firebreak down", down.took());
        // A process that has ended keeps its number until init has read its status, which takes a busy machine a
        // moment.
        Await.until(
                "no process left",
                Duration.ofSeconds(10),
                () -> pids.stream()
                        .filter(pid -> ProcessHandle.of(pid).isPresent())
                        .toList(),
                List::isEmpty);
        assertThat(processesOf(checkout)).isEmpty();
        assertThat(status().path("parts")
                        .valueStream()
                        .map(part -> part.path("state").asString()))
                .containsOnly("stopped");
    }

    /** Processes whose command line names the folder. */
    private static List<String> processesOf(Path folder) {
        List<String> found = new ArrayList<>();
        ProcessHandle.allProcesses().forEach(process -> {
            String line = String.join(" ", Processes.commandLine(process.pid()));
            if (line.contains(folder.toString())) {
                found.add(process.pid() + " " + line);
            }
        });
        return found;
    }

    private JsonNode status() {
        return JsonMapper.shared()
                .readTree(firebreak("status", "--json").expectSuccess().out());
    }

    private Command.Result firebreak(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dfirebreak.root=" + checkout,
                "-Dfirebreak.ports=" + portList(),
                "-jar",
                SystemStack.repository()
                        .resolve("infra/cli/target/firebreak-cli.jar")
                        .toString()));
        command.addAll(List.of(arguments));
        return Command.run(checkout, Duration.ofSeconds(140), Map.of(), command);
    }

    private String portList() {
        return Stream.of(
                        ports.gateway(),
                        ports.gatewayManagement(),
                        ports.auth(),
                        ports.authInternal(),
                        ports.authManagement(),
                        ports.tasks(),
                        ports.tasksManagement(),
                        ports.authDb(),
                        ports.tasksDb())
                .map(String::valueOf)
                .collect(Collectors.joining(","));
    }

    private void link(String file, Path repository) throws IOException {
        Path link = checkout.resolve(file);
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, repository.resolve(file));
    }
}
