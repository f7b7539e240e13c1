package dev.firebreak.stack.ops;

import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.trust.retry.PatientHttp;
import java.net.URI;
import java.time.InstantSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Takes back sessions, users, clients and single tokens, by {@code ops/trust/revocations}. Given again while the server is
 * busy: twice does the same as once, but for a second line in the journal.
 */
public final class RevocationsClient {
    private static final String REVOCATIONS = "/trust/revocations";
    private static final JsonMapper JSON = new JsonMapper();

    private final OpsCalls calls;

    private RevocationsClient(OpsCalls calls) {
        this.calls = calls;
    }

    /**
     * @param folder of the stack whose key of {@code operator-cli} signs
     * @param internal the authorization server's internal face, for instance {@code http://127.0.0.1:9002}
     */
    public static RevocationsClient of(
            StackFolder folder, String publicOrigin, URI internal, PatientHttp http, InstantSource clock) {
        return new RevocationsClient(OpsCalls.of(folder, publicOrigin, internal, http, clock));
    }

    /**
     * One order.
     *
     * @param kind {@code session}, {@code user}, {@code client} or {@code token}
     * @return when each verifier refused, as the server says it
     */
    public JsonNode revoke(String kind, String value, String reason) {
        String body = JSON.createObjectNode()
                .put("kind", kind)
                .put("value", value)
                .put("reason", reason)
                .toString();
        return calls.callRepeatable("POST", REVOCATIONS, body);
    }
}
