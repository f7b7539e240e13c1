package dev.firebreak.starter.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.firebreak.contracts.vault.GoogleService;
import dev.firebreak.starter.google.GoogleAnswer;
import dev.firebreak.starter.google.GoogleTokens;
import dev.firebreak.starter.google.VaultUser;
import dev.firebreak.starter.test.FakeForms;
import dev.firebreak.starter.test.FakeForms.Asked;
import dev.firebreak.starter.test.FakeForms.Reply;
import dev.firebreak.starter.test.TestTrust;
import dev.firebreak.starter.token.ServiceTokens;
import dev.firebreak.starter.token.TokenTarget;
import dev.firebreak.trust.ClientKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;

/** A service that says where the vault is has both kinds of tokens as beans. */
@ExtendWith(OutputCaptureExtension.class)
class TokensIT {
    private final FakeForms server = new FakeForms();

    @TempDir
    Path folder;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aServiceWithAKeyAndAVaultHasBoth() {
        server.replies(asked -> Reply.token(asked.path(), 900));
        try (ConfigurableApplicationContext service = start(
                key(),
                List.of(
                        "--firebreak.vault.url=" + server.url("/vault/token"),
                        "--firebreak.tokens.url=" + server.url("/oauth2/token")))) {
            assertThat(service.getBean(ServiceTokens.class)
                            .require(TokenTarget.of(TestTrust.ORIGIN + "/api"))
                            .value())
                    .isEqualTo("/oauth2/token");
            GoogleAnswer google = service.getBean(GoogleTokens.class)
                    .fetch(VaultUser.background(UUID.randomUUID()), GoogleService.TASKS);
            assertThat(google.orThrow().token()).isEqualTo("/vault/token");
            assertThat(server.asked()).extracting(Asked::path).containsExactly("/oauth2/token", "/vault/token");
        }
    }

    @Test
    void withoutAVaultThereAreNoGoogleTokens() {
        try (ConfigurableApplicationContext service = start(key(), List.of())) {
            assertThat(service.getBeansOfType(ServiceTokens.class)).hasSize(1);
            assertThat(service.getBeansOfType(GoogleTokens.class)).isEmpty();
        }
    }

    @Test
    void withoutAKeyThereAreNone() {
        try (ConfigurableApplicationContext service = start(List.of(), List.of())) {
            assertThat(service.getBeansOfType(ServiceTokens.class)).isEmpty();
        }
    }

    @Test
    void aVaultWithoutAKeyStopsTheStartWithASentence(CapturedOutput output) {
        assertThatThrownBy(() -> start(List.of(), List.of("--firebreak.vault.url=" + server.url("/vault/token")))
                        .close())
                .isInstanceOf(Exception.class);

        assertThat(output).contains("firebreak.client", "the vault needs this process's client id and key file");
    }

    private List<String> key() {
        Path file = folder.resolve("client.jwk");
        ClientKey.generate("k1").save(file);
        return List.of("--firebreak.client.id=test-service", "--firebreak.client.key-file=" + file);
    }

    private static ConfigurableApplicationContext start(List<String> key, List<String> more) {
        List<String> args = new ArrayList<>(List.of(
                "--firebreak.profile=local",
                "--firebreak.run=serve",
                "--firebreak.node=test-1",
                "--firebreak.issuer=" + TestTrust.ISSUER,
                "--firebreak.public-origin=" + TestTrust.ORIGIN,
                "--server.port=0"));
        args.addAll(key);
        args.addAll(more);
        return new SpringApplicationBuilder(TestTrust.class, TestService.class).run(args.toArray(String[]::new));
    }
}
