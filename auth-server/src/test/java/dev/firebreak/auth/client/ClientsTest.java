package dev.firebreak.auth.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.auth.TestDeployment;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClientsTest {
    static final String CLI = """
            id: firebreak-cli
            name: %s
            public: true
            grants: [authorization_code]
            redirect-uris: ["http://127.0.0.1/callback"]
            scopes: [openid]
            """;

    final TestDeployment deployment = new TestDeployment();
    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final Clients clients = new Clients(new ClientFolder(deployment.clientsFolder()), metrics);

    @Test
    void knowsTheClientsOfTheFolder() {
        assertThat(clients.find("gateway")).isPresent();
        assertThat(clients.findByClientId("gateway").getClientId()).isEqualTo("gateway");
        assertThat(clients.findById("nobody")).isNull();
        assertThat(metrics.get("auth.clients").gauge().value()).isEqualTo(8);
    }

    @Test
    void takesOverAChangeAnAdditionAndARemoval() throws Exception {
        deployment.write("firebreak-cli", CLI.formatted("New name"));
        deployment.write("other", CLI.formatted("Other").replace("firebreak-cli", "other"));
        Files.delete(deployment.clientsFolder().resolve("demo-service.yaml"));

        clients.reload();

        assertThat(clients.findByClientId("firebreak-cli").getClientName()).isEqualTo("New name");
        assertThat(clients.find("other")).isPresent();
        assertThat(clients.find("demo-service")).isEmpty();
        assertThat(clients.isStale()).isFalse();
    }

    @Test
    void keepsTheLastGoodSetWhileAFileIsWrongAndSaysSo() throws Exception {
        Client before = clients.find("gateway").orElseThrow();
        deployment.write("firebreak-cli", CLI.formatted("Renamed"));
        deployment.write("gateway", "id: gateway\npubic: true\n");

        assertThatIllegalArgumentException()
                .isThrownBy(clients::reload)
                .withMessageContainingAll("gateway.yaml", "[pubic]");

        assertThat(clients.find("gateway")).containsSame(before);
        assertThat(clients.findByClientId("firebreak-cli").getClientName()).isEqualTo("Command line");
        assertThat(metrics.get("auth.clients.stale").gauge().value()).isEqualTo(1);
        Files.delete(deployment.clientsFolder().resolve("gateway.yaml"));
        clients.reload();
        assertThat(metrics.get("auth.clients.stale").gauge().value()).isZero();
        assertThat(clients.find("gateway")).isEmpty();
    }

    @Test
    void keepsTheLastGoodSetWhenTheFolderIsEmptied() throws Exception {
        try (Stream<Path> files = Files.list(deployment.clientsFolder())) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }

        assertThatIllegalArgumentException().isThrownBy(clients::reload).withMessageContaining("auth.clients-folder");

        assertThat(clients.find("gateway")).isPresent();
        assertThat(metrics.get("auth.clients.stale").gauge().value()).isEqualTo(1);
        deployment.write("firebreak-cli", CLI.formatted("New name"));
        clients.reload();
        assertThat(clients.isStale()).isFalse();
        assertThat(clients.find("gateway")).isEmpty();
    }

    @Test
    void isNotStaleOnceTheOldFilesAreBack() throws Exception {
        Path file = deployment.clientsFolder().resolve("gateway.yaml");
        String good = Files.readString(file);
        deployment.write("gateway", "rubbish");
        assertThatThrownBy(clients::reload).isInstanceOf(IllegalArgumentException.class);

        deployment.write("gateway", good);
        clients.reload();

        assertThat(clients.isStale()).isFalse();
    }

    @Test
    void refusesAFileWhoseNameIsNotItsClient() {
        deployment.write("another", CLI.formatted("x"));

        assertThatIllegalArgumentException()
                .isThrownBy(clients::reload)
                .withMessageContainingAll("another.yaml", "firebreak-cli");
    }

    @Test
    void doesNotStartWithWrongOrMissingFiles() {
        deployment.write("gateway", "rubbish");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Clients(new ClientFolder(deployment.clientsFolder()), metrics))
                .withMessageContaining("gateway.yaml");
        assertThatThrownBy(() -> new Clients(new ClientFolder(Path.of("/nowhere")), metrics))
                .hasMessageContaining("auth.clients-folder");
    }
}
