package dev.firebreak.stack.ops;

import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.retry.PatientHttp;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Accounts, by {@code /auth/internal/v1/ops/users}. What sets a state is tried again while the server is busy; adding an
 * account is not, for it may have been added.
 */
public final class OpsClient {
    private static final int PAGE = 100;

    /** More users than this are not shown: whoever has as many asks the database. */
    private static final int MOST_USERS = 10_000;

    private static final String USERS = "/users";
    private static final JsonMapper JSON = new JsonMapper();

    private final OpsCalls calls;

    public OpsClient(URI internal, ClientAssertions assertions, PatientHttp http) {
        this(new OpsCalls(internal, assertions, http));
    }

    private OpsClient(OpsCalls calls) {
        this.calls = calls;
    }

    /** The client of a local stack, with the key that its first start made. */
    public static OpsClient of(StackFolder folder, Ports ports, PatientHttp http, InstantSource clock) {
        URI internal = URI.create("http://127.0.0.1:" + ports.authInternal());
        return new OpsClient(OpsCalls.of(folder, ports.publicOrigin(), internal, http, clock));
    }

    /** Creates an account; refused with {@code user.email_taken} when there is one. */
    public User add(String email, String name, String password, String role, boolean demo, @Nullable String reason) {
        ObjectNode body = because(reason)
                .put("email", email)
                .put("name", name)
                .put("password", password)
                .put("role", role)
                .put("demo", demo);
        return User.of(calls.call("POST", USERS, body.toString()));
    }

    /** All accounts, page by page. */
    public List<User> list() {
        List<User> all = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = calls.call("GET", USERS + "?limit=" + PAGE + after, "");
            page.path("users").forEach(user -> all.add(User.of(user)));
            after = page.path("next").isString()
                    ? "&after=" + OpsCalls.encode(page.path("next").asString())
                    : "";
        } while (!after.isEmpty() && all.size() < MOST_USERS);
        return all;
    }

    /**
     * Locks a user out.
     *
     * @param user id or e-mail address
     * @param reason for the journal
     * @return the account, and when each verifier refused its tokens ({@code effective}, {@code missing})
     */
    public JsonNode disable(String user, @Nullable String reason) {
        return calls.callRepeatable(
                "POST", of(user) + "/disable", because(reason).toString());
    }

    public void enable(String user, @Nullable String reason) {
        calls.callRepeatable("POST", of(user) + "/enable", because(reason).toString());
    }

    public void changeRole(String user, String role, @Nullable String reason) {
        calls.call("PUT", of(user) + "/role", because(reason).put("role", role).toString());
    }

    private static ObjectNode because(@Nullable String reason) {
        ObjectNode body = JSON.createObjectNode();
        return reason == null ? body : body.put("reason", reason);
    }

    /** Which key-encryption keys are still needed. */
    public Sealing sealing() {
        return Sealing.of(calls.call("GET", "/sealing", ""));
    }

    private static String of(String user) {
        return USERS + "/" + OpsCalls.encode(user);
    }
}
