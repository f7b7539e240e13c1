package dev.firebreak.stack.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.firebreak.contracts.capacity.ConnectionBudget;
import dev.firebreak.stack.layout.Part;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.secrets.StackSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class GeneratedFilesTest {
    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Map<String, Object> NONE = Map.of();

    @TempDir
    Path temp;

    StackFolder folder;
    StackSecrets secrets;
    ClientRegistrations clients;
    PartConfig config;

    @BeforeEach
    void make() {
        folder = new StackFolder(temp);
        folder.create();
        secrets = new StackSecrets(folder);
        secrets.create();
        clients = new ClientRegistrations(folder, Ports.defaults(), secrets);
        config = new PartConfig(folder, Ports.defaults());
    }

    @Test
    void nameOnlyTheProcessesOwnSecrets() throws IOException {
        for (Part part : List.of(Part.AUTH_SERVER, Part.TASK_SERVICE, Part.GATEWAY)) {
            config.write(part, NONE);
        }

        assertThat(secretsNamedBy(folder.config(Part.GATEWAY)))
                .containsExactlyInAnyOrder("clients/gateway.jwk", "cookie-ring.json");
        assertThat(secretsNamedBy(folder.config(Part.TASK_SERVICE)))
                .containsExactlyInAnyOrder("clients/task-service.jwk", "pg-tasks_app.password");
        assertThat(secretsNamedBy(folder.config(Part.AUTH_SERVER)))
                .containsExactlyInAnyOrder("kek.key", "pg-auth_app.password");
    }

    @Test
    void giveTheMigrationPasswordToTheMigrateStepAlone() throws IOException {
        config.write(Part.TASK_SERVICE, NONE);

        assertThat(folder.config(Part.TASK_SERVICE)).content().doesNotContain("migrator");
        assertThat(folder.migrationConfig(Part.TASK_SERVICE)).content().contains("pg-tasks_migrator.password");
    }

    @Test
    void bindEverythingToLoopback() throws IOException {
        for (Part part : List.of(Part.AUTH_SERVER, Part.TASK_SERVICE, Part.GATEWAY)) {
            config.write(part, NONE);
            JsonNode yaml = read(folder.config(part));

            assertThat(yaml.at("/server/address").asString()).as("%s", part).isEqualTo("127.0.0.1");
            assertThat(yaml.at("/management/server/address").asString())
                    .as("%s", part)
                    .isEqualTo("127.0.0.1");
        }
        assertThat(read(folder.config(Part.AUTH_SERVER))
                        .at("/auth/internal/address")
                        .asString())
                .isEqualTo("127.0.0.1");
    }

    @Test
    void sayWhatEachProcessIsFor() throws IOException {
        for (Part part : List.of(Part.AUTH_SERVER, Part.TASK_SERVICE, Part.GATEWAY)) {
            config.write(part, NONE);
            JsonNode yaml = read(folder.config(part));

            assertThat(yaml.at("/firebreak/run").asString()).as("%s", part).isEqualTo("serve");
            assertThat(yaml.at("/firebreak/profile").asString()).as("%s", part).isEqualTo("local");
        }
    }

    @Test
    void tellHowManyConnectionsTheNodesOfAServiceMayOpen() {
        assertThat(config.budget(Part.AUTH_SERVER)).isEmpty();

        config.write(Part.AUTH_SERVER, Map.of("firebreak.pools.identity.size", 9, "firebreak.capacity.nodes", 4));
        config.write(Part.GATEWAY, NONE);

        assertThat(config.budget(Part.AUTH_SERVER)).contains(new ConnectionBudget(4, 1, 15, 1));
        assertThat(config.budget(Part.GATEWAY)).isEmpty();
    }

    @Test
    void letSettingsOfATestWin() throws IOException {
        config.write(Part.GATEWAY, Map.of("gateway.renew-after", "5s", "firebreak.trust.poll-every", "200ms"));
        JsonNode yaml = read(folder.config(Part.GATEWAY));

        assertThat(yaml.at("/gateway/renew-after").asString()).isEqualTo("5s");
        assertThat(yaml.at("/firebreak/trust/poll-every").asString()).isEqualTo("200ms");
        assertThat(yaml.at("/firebreak/trust/url").asString()).startsWith("http://127.0.0.1:9002/");
    }

    @Test
    void refuseASettingBelowAValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> config.write(Part.GATEWAY, Map.of("server.port.x", 1)))
                .withMessageContaining("server.port.x");
    }

    @Test
    void registerTheFiveClientsWithTheirPolicies() throws IOException {
        clients.write();

        assertThat(read(client("gateway")).path("internal"))
                .map(JsonNode::asString)
                .containsExactly("trust", "sessions");
        assertThat(read(client("gateway")).path("redirect-uris"))
                .map(JsonNode::asString)
                .containsExactly("http://localhost:8080/login/callback");
        assertThat(read(client("task-service")).path("internal"))
                .map(JsonNode::asString)
                .containsExactly("trust");
        assertThat(read(client("operator-cli")).path("internal"))
                .map(JsonNode::asString)
                .containsExactly("ops");
        assertThat(read(client("demo-service")).path("scopes"))
                .map(JsonNode::asString)
                .containsExactly("tasks:read", "tasks:write");
        assertThat(read(client("firebreak-cli")).path("public").asBoolean()).isTrue();
        assertThat(read(client("firebreak-cli")).path("keys")).isEmpty();
    }

    @Test
    void publishNoPrivateHalf() throws IOException {
        clients.write();

        try (Stream<Path> files = Files.list(folder.clients())) {
            for (Path file : files.toList()) {
                for (JsonNode key : read(file).path("keys")) {
                    assertThat(key.has("d")).as("%s", file).isFalse();
                    assertThat(key.path("kid").asString("")).isNotEmpty();
                }
            }
        }
    }

    @Test
    void keepTheSameKeyOverStarts() throws IOException {
        clients.write();
        String first = Files.readString(client("gateway"));

        clients.write();

        assertThat(client("gateway")).hasContent(first);
    }

    @Test
    void keepAKeyThatSomebodyAdded() throws IOException {
        clients.write();
        String own = read(client("gateway")).at("/keys/0/kid").asString();
        Files.writeString(
                client("gateway"),
                Files.readString(client("gateway")) + "- {kty: EC, crv: P-256, kid: next, x: abc, y: def}\n");

        clients.write();

        assertThat(read(client("gateway")).path("keys"))
                .map(key -> key.path("kid").asString())
                .containsExactly(own, "next");
    }

    @Test
    void leaveOtherClientsAlone() throws IOException {
        Files.writeString(client("mine"), "id: mine\n");

        clients.write();

        assertThat(client("mine")).hasContent("id: mine\n");
    }

    @Test
    void areReadableByTheirOwnerOnly() throws IOException {
        clients.write();
        config.write(Part.GATEWAY, NONE);

        try (Stream<Path> all = Files.walk(temp)) {
            for (Path path : all.toList()) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                        .as("%s", path)
                        .endsWith("------");
            }
        }
    }

    @Test
    void neverMakeAKeyTwice() throws IOException {
        String wrapping = Files.readString(folder.wrappingKey());
        String ring = Files.readString(folder.cookieRing());

        secrets.create();

        assertThat(folder.wrappingKey()).hasContent(wrapping);
        assertThat(folder.cookieRing()).hasContent(ring);
        assertThat(Base64.getDecoder().decode(wrapping.strip())).hasSize(32);
    }

    private Path client(String id) {
        return folder.clients().resolve(id + ".yaml");
    }

    private List<String> secretsNamedBy(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> line.contains(folder.secrets().toString()))
                .map(line -> line.substring(line.indexOf(folder.secrets().toString())
                                + folder.secrets().toString().length()
                                + 1)
                        .replace("\"", ""))
                .distinct()
                .toList();
    }

    private static JsonNode read(Path file) throws IOException {
        return YAML.readTree(Files.readString(file));
    }
}
