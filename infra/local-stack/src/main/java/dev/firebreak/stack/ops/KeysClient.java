package dev.firebreak.stack.ops;

import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.trust.retry.PatientHttp;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Signing keys and the MAC keys of refresh tokens, by {@code ops/keys} and {@code ops/refresh-keys}. Answers are handed on
 * as they came. Questions and dry runs are asked again while the server is busy, orders once: a second rotation is not the
 * same as the first.
 */
public final class KeysClient {
    private static final String KEYS = "/keys";
    private static final String REFRESH_KEYS = "/refresh-keys";

    /** An emergency rotation waits for acknowledgements and effects before it answers; 15 s is what it promises. */
    private static final Duration ORDER_TIMEOUT = Duration.ofSeconds(20);

    private static final int PAGE = 100;

    /** A rotation a month makes about a hundred rows a year; beyond that the answer says where to go on. */
    private static final int MOST_ENTRIES = 10_000;

    private static final JsonMapper JSON = new JsonMapper();

    private final OpsCalls calls;

    private KeysClient(OpsCalls calls) {
        this.calls = calls;
    }

    /**
     * @param folder of the stack whose key of {@code operator-cli} signs
     * @param internal the authorization server's internal face, for instance {@code http://127.0.0.1:9002}
     */
    public static KeysClient of(
            StackFolder folder, String publicOrigin, URI internal, PatientHttp http, InstantSource clock) {
        return new KeysClient(OpsCalls.of(folder, publicOrigin, internal, http, clock));
    }

    /**
     * One order.
     *
     * @param kid whole id of a key; null is the newest one in a fitting state
     * @param algorithm null is the one of the schedule
     */
    public record Order(
            String name,
            @Nullable String kid,
            String reason,
            boolean force,
            boolean emergency,
            @Nullable String algorithm,
            boolean dryRun) {
        private String body() {
            return JSON.createObjectNode()
                    .put("kid", kid)
                    .put("reason", reason)
                    .put("force", force)
                    .put("emergency", emergency)
                    .put("algorithm", algorithm)
                    .toString();
        }
    }

    /** Keys, schedule and verifiers. */
    public JsonNode list() {
        return calls.call("GET", KEYS, "");
    }

    /** What is due, and when. */
    public JsonNode plan() {
        return calls.call("GET", KEYS + "/plan", "");
    }

    /** What the order changed, or would change. */
    public JsonNode give(Order order) {
        String path = KEYS + "/" + order.name();
        return order.dryRun()
                ? calls.callRepeatable("POST", path + "?dry_run=true", order.body())
                : calls.order(path, order.body(), ORDER_TIMEOUT, "./firebreak keys history");
    }

    /** How far sessions are renewed since the last emergency. */
    public JsonNode renewal() {
        return calls.call("GET", KEYS + "/renewal", "");
    }

    /**
     * The journal from a row on, page by page, as one document: {@code entries}, {@code head}, {@code next}.
     *
     * @param everything also what is about no key
     */
    public JsonNode history(long after, boolean everything) {
        String path = everything ? "/audit" : KEYS + "/history";
        ObjectNode all = JSON.createObjectNode();
        ArrayNode entries = all.putArray("entries");
        JsonNode next;
        long from = after;
        do {
            JsonNode page = calls.call("GET", path + "?after=" + from + "&limit=" + PAGE, "");
            page.path("entries").forEach(entries::add);
            all.set("head", page.path("head"));
            next = page.path("next");
            if (next.isNumber() && next.asLong() <= from) {
                // Whatever it is, it never ends.
                next = JSON.nullNode();
            }
            from = next.asLong(from);
        } while (next.isNumber() && entries.size() < MOST_ENTRIES);
        all.set("next", next.isMissingNode() ? JSON.nullNode() : next);
        return all;
    }

    /** Whether the journal's chain holds. */
    public JsonNode verifyHistory() {
        return calls.call("GET", KEYS + "/history/verify", "");
    }

    /** The seed document, as the server wrote it. */
    public String export() {
        String text = calls.text("GET", KEYS + "/export", "");
        try {
            // The first line says how it was written, and guards the rest by a hash.
            if (JSON.readTree(text.substring(text.indexOf('\n') + 1))
                    .path("keys")
                    .isArray()) {
                return text;
            }
        } catch (JacksonException e) {
            // The same as a document without keys.
        }
        throw new StackException(
                "the authorization server exported something that is no seed document",
                "is it of another version? ./firebreak logs auth-server-1");
    }

    /** MAC keys of refresh tokens. */
    public JsonNode refreshKeys() {
        return calls.call("GET", REFRESH_KEYS, "");
    }

    public JsonNode rotateRefreshKeys(String reason) {
        String body = JSON.createObjectNode().put("reason", reason).toString();
        return calls.order(REFRESH_KEYS + "/rotate", body, ORDER_TIMEOUT, "./firebreak keys list --ring refresh");
    }

    /**
     * Takes keys of refresh tokens back at once; sign-ins end.
     *
     * @param kid whole id of the key that leaked; null is all of them
     */
    public JsonNode revokeRefreshKeys(@Nullable String kid, String reason, boolean dryRun) {
        String path = REFRESH_KEYS + "/emergency";
        String body =
                JSON.createObjectNode().put("kid", kid).put("reason", reason).toString();
        return dryRun
                ? calls.callRepeatable("POST", path + "?dry_run=true", body)
                : calls.order(path, body, ORDER_TIMEOUT, "./firebreak keys list --ring refresh");
    }
}
