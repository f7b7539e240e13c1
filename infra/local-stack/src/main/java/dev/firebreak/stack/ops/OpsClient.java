package dev.firebreak.stack.ops;

import dev.firebreak.contracts.http.Paths;
import dev.firebreak.stack.config.ClientRegistrations;
import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.ClientKey;
import dev.firebreak.trust.retry.PatientHttp;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Client of {@code /auth/internal/v1/ops}: every call carries a fresh assertion and needs no token endpoint. What sets a
 * state is tried again while the server is busy; adding an account is not, for it may have been added.
 */
public final class OpsClient {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int PAGE = 100;

    /** More users than this are not shown: whoever has as many asks the database. */
    private static final int MOST_USERS = 10_000;

    private static final JsonMapper JSON = new JsonMapper();

    private final URI users;
    private final URI sealing;
    private final ClientAssertions assertions;
    private final PatientHttp http;

    public OpsClient(URI internal, ClientAssertions assertions, PatientHttp http) {
        this.users = URI.create(internal + Paths.OPS + "/users");
        this.sealing = URI.create(internal + Paths.OPS + "/sealing");
        this.assertions = assertions;
        this.http = http;
    }

    /** The client of a local stack, with the key that its first start made. */
    public static OpsClient of(StackFolder folder, Ports ports, PatientHttp http, InstantSource clock) {
        Path key = folder.clientKey(ClientRegistrations.OPERATOR_CLI);
        if (!Files.exists(key)) {
            throw new StackException("there is no " + key, "start the stack once: ./firebreak up --detach");
        }
        ClientAssertions assertions = new ClientAssertions(
                ClientRegistrations.OPERATOR_CLI,
                ClientKey.load(key),
                ports.publicOrigin() + "/auth",
                "firebreak-cli",
                clock);
        return new OpsClient(URI.create("http://127.0.0.1:" + ports.authInternal()), assertions, http);
    }

    /** Creates an account; refused with {@code user.email_taken} when there is one. */
    public User add(String email, String name, String password, String role, boolean demo) {
        String body = JSON.createObjectNode()
                .put("email", email)
                .put("name", name)
                .put("password", password)
                .put("role", role)
                .put("demo", demo)
                .toString();
        return User.of(call("POST", users, body));
    }

    /** All accounts, page by page. */
    public List<User> list() {
        List<User> all = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = call("GET", URI.create(users + "?limit=" + PAGE + after), "");
            page.path("users").forEach(user -> all.add(User.of(user)));
            after = page.path("next").isString()
                    ? "&after=" + encode(page.path("next").asString())
                    : "";
        } while (!after.isEmpty() && all.size() < MOST_USERS);
        return all;
    }

    /** @param user id or e-mail address */
    public void disable(String user) {
        callRepeatable("POST", URI.create(users + "/" + encode(user) + "/disable"));
    }

    public void enable(String user) {
        callRepeatable("POST", URI.create(users + "/" + encode(user) + "/enable"));
    }

    public void changeRole(String user, String role) {
        String body = JSON.createObjectNode().put("role", role).toString();
        call("PUT", URI.create(users + "/" + encode(user) + "/role"), body);
    }

    /** Which key-encryption keys are still needed. */
    public Sealing sealing() {
        return Sealing.of(call("GET", sealing, ""));
    }

    private JsonNode call(String method, URI uri, String body) {
        return answer(uri, () -> http.send(() -> request(method, uri, body), BodyHandlers.ofString()));
    }

    private void callRepeatable(String method, URI uri) {
        answer(uri, () -> http.sendRepeatable(() -> request(method, uri, ""), BodyHandlers.ofString()));
    }

    private HttpRequest request(String method, URI uri, String body) {
        return HttpRequest.newBuilder(uri)
                .timeout(TIMEOUT)
                .header("Authorization", "Bearer " + assertions.create())
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
    }

    private interface Exchange {
        HttpResponse<String> run() throws IOException, InterruptedException;
    }

    private static JsonNode answer(URI uri, Exchange exchange) {
        try {
            HttpResponse<String> answer = exchange.run();
            JsonNode json = parse(answer.body());
            if (answer.statusCode() / 100 != 2) {
                throw new OpsRefusal(
                        answer.statusCode(), json.path("code").asString("http." + answer.statusCode()), words(json));
            }
            return json;
        } catch (IOException e) {
            throw new StackException(
                    "the authorization server does not answer at " + uri.getAuthority() + ": " + e,
                    "is it up? ./firebreak status",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while calling " + uri.getPath(), e);
        }
    }

    /** Detail and each violation of a problem document (RFC 9457). */
    private static String words(JsonNode problem) {
        StringBuilder words = new StringBuilder(
                problem.path("detail").asString(problem.path("title").asString("no detail")));
        for (JsonNode violation : problem.path("violations")) {
            words.append(" (")
                    .append(violation.path("field").asString(""))
                    .append(": ")
                    .append(violation.path("message").asString(""))
                    .append(')');
        }
        return words.toString();
    }

    private static JsonNode parse(String body) {
        try {
            return body.isBlank() ? JSON.createObjectNode() : JSON.readTree(body);
        } catch (JacksonException e) {
            return JSON.createObjectNode();
        }
    }

    private static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
