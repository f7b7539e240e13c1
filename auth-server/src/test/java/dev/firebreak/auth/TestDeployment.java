package dev.firebreak.auth;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.ClientKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** The files of a deployment, as the local stack makes them: wrapping key, clients and their keys. */
public final class TestDeployment {
    public static final String ORIGIN = "http://localhost:8080";
    public static final String ISSUER = ORIGIN + "/auth";
    public static final String CALLBACK = ORIGIN + "/login/callback";

    private final Path root;
    private final Map<String, ClientKey> keys = new TreeMap<>();

    public TestDeployment() {
        try {
            root = Files.createTempDirectory("firebreak-auth-test");
            Files.createDirectory(clientsFolder());
            byte[] kek = new byte[32];
            new SecureRandom().nextBytes(kek);
            Files.createFile(
                    wrappingKeyFile(),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(wrappingKeyFile(), Base64.getEncoder().encodeToString(kek));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        confidential(
                "gateway",
                "[authorization_code, refresh_token, \"urn:ietf:params:oauth:grant-type:token-exchange\"]",
                "redirect-uris: [%s]".formatted(CALLBACK),
                "[openid, profile, email, \"tasks:read\", \"tasks:write\", \"google:token\"]",
                "[trust, sessions]");
        confidential(
                "task-service", "[]", "redirect-uris: []\nevents: [\"connection.*\", user.deleted]", "[]", "[trust]");
        confidential("operator-cli", "[]", "redirect-uris: []", "[]", "[ops]");
        confidential("wild-cli", "[]", "redirect-uris: []", "[]", "[ops]");
        confidential(
                "demo-service", "[client_credentials]", "redirect-uris: []", "[\"tasks:read\", \"tasks:write\"]", "[]");
        confidential("calendar-service", "[]", "redirect-uris: []", "[]", """
                [vault]
                google: [calendar, drive]
                google-offline: [calendar]""");
        confidential("plain-service", "[]", "redirect-uris: []", "[]", "[vault]");
        write("firebreak-cli", """
                id: firebreak-cli
                name: Command line
                public: true
                grants: [authorization_code, refresh_token]
                redirect-uris: ["http://127.0.0.1/callback"]
                scopes: [openid, profile, email, "tasks:read", "tasks:write", "keys:manage", "users:manage"]
                """);
    }

    /** A client by which operators order. */
    public void addOperatorsClient() {
        confidential(
                "console",
                "[authorization_code, refresh_token]",
                "redirect-uris: [%s]".formatted(CALLBACK),
                "[openid, \"tasks:read\", \"users:manage\"]",
                "[]");
    }

    private void confidential(String id, String grants, String redirectUris, String scopes, String internal) {
        ClientKey key = ClientKey.generate(id + "-1");
        keys.put(id, key);
        write(id, """
                id: %s
                name: Client %s
                grants: %s
                %s
                scopes: %s
                internal: %s
                keys:
                  - %s
                """.formatted(
                        id,
                        id,
                        grants,
                        redirectUris,
                        scopes,
                        internal,
                        JSONObjectUtils.toJSONString(key.publicJwk().toJSONObject())));
    }

    /** Writes a client's file, replacing what was there. */
    public void write(String id, String yaml) {
        try {
            Path file = clientsFolder().resolve(id + ".yaml");
            Path next = clientsFolder().resolve(id + ".next");
            Files.writeString(next, yaml);
            Files.move(next, file, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path clientsFolder() {
        return root.resolve("clients.d");
    }

    public Path wrappingKeyFile() {
        return root.resolve("kek.key");
    }

    /** Makes the client's assertions. */
    public ClientAssertions assertions(String clientId, InstantSource clock) {
        return new ClientAssertions(clientId, keys.get(clientId), ISSUER, clientId + "-test", clock);
    }

    public ClientKey key(String clientId) {
        return keys.get(clientId);
    }
}
