package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.system.harness.Command;
import dev.firebreak.system.harness.Figures;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.WithStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The pages in a real Chromium: runs the tests in {@code browser/} against the shared stack and shows what they say. */
@WithStack
class BrowserIT {
    private static final Duration INSTALL = Duration.ofSeconds(150);
    private static final Duration RUN = Duration.ofSeconds(480);

    private final SystemStack stack;

    BrowserIT(SystemStack stack) {
        this.stack = stack;
    }

    @Test
    @Timeout(660)
    void thePagesWorkInARealBrowser() {
        String chromium = program("chromium", "chromium-browser", "google-chrome")
                .orElseThrow(() -> new AssertionError(
                        "Chromium is missing, so the pages cannot be tested; install it: apt-get install -y chromium"));
        String node = program("node")
                .orElseThrow(() -> new AssertionError("Node.js is missing; install it: apt-get install -y nodejs npm"));
        Path tests = SystemStack.repository().resolve("infra/system-tests/browser");
        Map<String, String> environment = Map.of(
                "FIREBREAK_ORIGIN", stack.origin().toString(),
                "ALICE_EMAIL", Person.ALICE.email(),
                "ALICE_PASSWORD", Person.ALICE.password(),
                "OPS_EMAIL", Person.OPS.email(),
                "OPS_PASSWORD", Person.OPS.password(),
                "CHROMIUM", chromium,
                "SCREENSHOTS",
                        SystemStack.repository()
                                .resolve("infra/system-tests/target/screenshots")
                                .toString());

        Command.run(tests, INSTALL, environment, List.of("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"))
                .expectSuccess();
        Command.Result run = Command.run(tests, RUN, environment, List.of(node, "--test", "--test-reporter=spec"));

        System.out.println(run.out());
        run.out()
                .lines()
                .filter(line -> line.startsWith("ℹ "))
                .map(line -> line.substring(2).split(" ", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> Figures.record("Browser", pair[0], pair[1]));
        assertThat(run.exit()).as(run.toString()).isZero();
        assertThat(run.out()).as("something was run").containsPattern("ℹ pass [1-9]");
    }

    /** The first of these programs on the PATH. */
    private static Optional<String> program(String... names) {
        return Stream.of(names)
                .flatMap(name -> Stream.of(System.getenv("PATH").split(":")).map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst();
    }
}
