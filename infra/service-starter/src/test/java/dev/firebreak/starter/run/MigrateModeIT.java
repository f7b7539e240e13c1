package dev.firebreak.starter.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.test.TestPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class MigrateModeIT {
    private final TestPostgres.Database database = TestPostgres.empty();

    @Test
    void bringsTheSchemaUpToDateAndSaysSoInOneLine(CapturedOutput output) throws SQLException {
        assertThat(migrate(database.port())).isZero();
        assertThat(output.getOut().lines().filter(line -> !line.contains("io.zonky.")))
                .containsExactly("migrate: %s on 127.0.0.1:%d is at version 2, 2 applied"
                        .formatted(database.name(), database.port()));

        assertThat(migrate(database.port())).isZero();
        assertThat(output.getOut()).contains("is at version 2, 0 applied");
        assertThat(indexes()).isEqualTo(1);
    }

    /** One node's migrate step, in a process of its own as it is everywhere: one JVM has one logging system. */
    static final class Node {
        private Node() {}

        public static void main(String[] args) {
            System.exit(FirebreakApplication.runMode("migrate", args));
        }
    }

    @Test
    void severalNodesMayTryAtOnce() throws Exception {
        List<Process> nodes = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                nodes.add(node());
            }
            for (Process node : nodes) {
                assertThat(node.waitFor(120, TimeUnit.SECONDS)).isTrue();
                assertThat(node.exitValue()).isZero();
            }
        } finally {
            nodes.forEach(Process::destroyForcibly);
        }
        assertThat(indexes()).isEqualTo(1);
    }

    private Process node() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Node.class.getName()));
        command.addAll(List.of(arguments(database.port())));
        return new ProcessBuilder(command).inheritIO().start();
    }

    @Test
    void saysInOneLineWhatFailed(CapturedOutput output) throws SQLException {
        try (Connection connection = database.open()) {
            connection.createStatement().execute("CREATE TABLE note (other text)");
        }

        assertThat(migrate(database.port())).isEqualTo(1);

        assertThat(output.getErr().strip())
                .startsWith("migrate: " + database.name())
                .doesNotContain("\tat ");
    }

    @Test
    void anUnknownModeIsAWrongCommandLine(CapturedOutput output) {
        assertThat(FirebreakApplication.runMode("fly", new String[0])).isEqualTo(2);
        assertThat(output.getErr()).contains("--firebreak.run=fly is not a run mode; there are: serve, migrate");
    }

    @Test
    void aServiceMayHaveModesOfItsOwn() {
        List<String> seen = new ArrayList<>();
        RunMode own = new RunMode() {
            @Override
            public String name() {
                return "count";
            }

            @Override
            public int run(String[] args) {
                seen.addAll(List.of(args));
                return 3;
            }
        };

        assertThat(FirebreakApplication.runMode("count", new String[] {"--a=b"}, own))
                .isEqualTo(3);
        assertThat(seen).containsExactly("--a=b");
    }

    private int migrate(int port) {
        return FirebreakApplication.runMode("migrate", arguments(port));
    }

    private String[] arguments(int port) {
        return new String[] {
            "--firebreak.profile=local",
            "--firebreak.node=migrate-test",
            "--firebreak.issuer=http://localhost/auth",
            "--firebreak.public-origin=http://localhost",
            "--firebreak.run=migrate",
            "--firebreak.migration.host=127.0.0.1",
            "--firebreak.migration.port=" + port,
            "--firebreak.migration.database=" + database.name(),
            "--firebreak.migration.user=" + database.user(),
            "--firebreak.migration.password-file=" + database.passwordFile()
        };
    }

    private int indexes() throws SQLException {
        try (Connection connection = database.open();
                ResultSet found = connection
                        .createStatement()
                        .executeQuery("SELECT count(*) FROM pg_indexes WHERE indexname = 'note_index'")) {
            found.next();
            return found.getInt(1);
        }
    }
}
