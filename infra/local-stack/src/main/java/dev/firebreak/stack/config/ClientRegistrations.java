package dev.firebreak.stack.config;

import com.nimbusds.jose.jwk.JWK;
import dev.firebreak.contracts.token.Scopes;
import dev.firebreak.contracts.token.TokenExchange;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.secrets.StackSecrets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Who may call whom: one file a client in {@code clients.d}. Files of other clients in that folder are left alone. */
public record ClientRegistrations(StackFolder folder, Ports ports, StackSecrets secrets) {
    /** The gateway's client, also the front door for people. */
    public static final String GATEWAY = "gateway";

    public static final String TASK_SERVICE = "task-service";

    /** The command line's own key, for operators' orders. */
    public static final String OPERATOR_CLI = "operator-cli";

    /** The command line on behalf of a person; it has no key, as anybody could read it. */
    public static final String FIREBREAK_CLI = "firebreak-cli";

    /** A service that calls the API with client credentials: the one to copy. */
    public static final String DEMO_SERVICE = "demo-service";

    /** A client has at most three keys at a time (contracts, "Client keys"). */
    private static final int MOST_KEYS = 3;

    private static final List<String> USER_SCOPES =
            List.of("openid", "profile", "email", "tasks:read", "tasks:write", "google:token");

    private record Registration(
            String name, List<String> grants, List<String> redirects, List<String> scopes, List<String> internal) {}

    /** Writes all five; keys somebody added to one of them stay. */
    public void write() {
        confidential(
                GATEWAY,
                new Registration(
                        "Firebreak",
                        List.of("authorization_code", "refresh_token", TokenExchange.GRANT),
                        List.of(ports.publicOrigin() + "/login/callback"),
                        USER_SCOPES,
                        List.of("trust", "sessions")));
        confidential(TASK_SERVICE, new Registration("Task service", List.of(), List.of(), List.of(), List.of("trust")));
        confidential(
                OPERATOR_CLI,
                new Registration("Operators' command line", List.of(), List.of(), List.of(), List.of("ops")));
        confidential(
                DEMO_SERVICE,
                new Registration(
                        "Demo service",
                        List.of("client_credentials"),
                        List.of(),
                        List.of("tasks:read", "tasks:write"),
                        List.of()));
        // Any port: RFC 8252, 7.3, for programs that listen for the answer where they can.
        write(
                FIREBREAK_CLI,
                new Registration(
                        "Command line",
                        List.of("authorization_code", "refresh_token"),
                        List.of("http://127.0.0.1/callback"),
                        // Of operators, too: in a token they come to nobody else.
                        Stream.concat(
                                        USER_SCOPES.stream(),
                                        Scopes.OF_OPERATORS.stream().sorted())
                                .toList(),
                        List.of()),
                true,
                List.of());
    }

    private void confidential(String id, Registration registration) {
        write(id, registration, false, keys(id));
    }

    private void write(String id, Registration registration, boolean open, List<Object> keys) {
        Map<String, Object> file = new LinkedHashMap<>();
        file.put("id", id);
        file.put("name", registration.name());
        file.put("public", open);
        file.put("grants", registration.grants());
        file.put("redirect-uris", registration.redirects());
        file.put("scopes", registration.scopes());
        file.put("internal", registration.internal());
        file.put("keys", keys);
        YamlFile.write(
                folder.clients().resolve(id + ".yaml"),
                "Made by ./firebreak up at each start. Of changes here only further keys are kept.",
                file);
    }

    /** The key that the process holds, then those that somebody added while rolling to another. */
    private List<Object> keys(String id) {
        JWK own = secrets.clientKey(id);
        List<Object> keys = new ArrayList<>(List.of(own.toJSONObject()));
        for (JsonNode other :
                YamlFile.read(folder.clients().resolve(id + ".yaml")).path("keys")) {
            if (keys.size() < MOST_KEYS && !other.path("kid").asString("").equals(own.getKeyID())) {
                keys.add(other);
            }
        }
        return keys;
    }
}
