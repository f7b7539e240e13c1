package dev.firebreak.cli.pools;

import dev.firebreak.cli.pools.Pool.Lane;
import dev.firebreak.cli.pools.Pool.Problem;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The JSON that comes in from a management port, and the contract's JSON that goes out. */
public final class PoolsDocument {
    private static final JsonMapper JSON = new JsonMapper();

    /** A message that is longer than this is no message. */
    private static final int LONGEST_TEXT = 500;

    private PoolsDocument() {}

    /**
     * Reads a service's answer. A number that is missing or negative makes all of it worthless: better to say so than to
     * show a pool with minus three idle connections.
     *
     * @throws IllegalArgumentException with what is wrong with it
     */
    static List<Pool> parse(String body) {
        JsonNode pools;
        try {
            pools = JSON.readTree(body).path("pools");
        } catch (JacksonException e) {
            throw new IllegalArgumentException("answers something that is no JSON", e);
        }
        if (!pools.isArray()) {
            throw new IllegalArgumentException("answers without \"pools\"");
        }
        return pools.valueStream().map(PoolsDocument::pool).toList();
    }

    /**
     * {@code {"pools":[…]}}: a row a pool, and one without size for a service that cannot be asked.
     *
     * @param zone for the times in verdicts
     */
    public static String write(List<Answer> answers, ZoneId zone) {
        ObjectNode document = JSON.createObjectNode();
        ArrayNode rows = document.putArray("pools");
        for (Answer answer : answers) {
            for (Pool pool : answer.pools()) {
                row(rows, answer)
                        .put("pool", pool.name())
                        .put("size", pool.size())
                        .put("open", pool.open())
                        .put("active", pool.active())
                        .put("idle", pool.idle())
                        .put("waiting", pool.waiting())
                        .put("verdict", pool.words(zone));
            }
            if (!answer.reached()) {
                row(rows, answer).put("verdict", Answer.UNREACHABLE);
            }
        }
        return document.toString();
    }

    private static ObjectNode row(ArrayNode rows, Answer answer) {
        return rows.addObject()
                .put("service", answer.target().service())
                .put("node", answer.target().node());
    }

    private static Pool pool(JsonNode node) {
        String name = text(node.path("pool"));
        String verdict = text(node.path("verdict"));
        return new Pool(
                name.isEmpty() ? "?" : name,
                count(node, "size"),
                count(node, "open"),
                count(node, "active"),
                count(node, "idle"),
                count(node, "waiting"),
                amount(node, "utilisation"),
                amount(node, "empty_acquire_share"),
                amount(node, "mean_wait_ms"),
                amount(node, "churn_per_s"),
                verdict.isEmpty() ? "unknown" : verdict,
                node.path("lanes")
                        .valueStream()
                        .map(lane -> new Lane(text(lane.path("lane")), count(lane, "waiting")))
                        .toList(),
                Optional.of(node.path("problem")).filter(JsonNode::isObject).map(PoolsDocument::problem));
    }

    private static Problem problem(JsonNode node) {
        return new Problem(text(node.path("state")), text(node.path("message")), instant(node.path("since")));
    }

    private static int count(JsonNode node, String name) {
        JsonNode value = node.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 0) {
            throw new IllegalArgumentException(
                    "answers nonsense: " + name + " is " + (value.isMissingNode() ? "missing" : text(value)));
        }
        return value.asInt();
    }

    private static OptionalDouble amount(JsonNode node, String name) {
        double value = node.path(name).asDouble(-1);
        return value >= 0 && Double.isFinite(value) ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    /** A database's words may hold anything, also what a terminal would obey. */
    private static String text(JsonNode node) {
        String plain =
                node.asString("").replaceAll("[\\p{Cc}\\p{Cf}\\p{Z}]+", " ").strip();
        return plain.length() > LONGEST_TEXT ? plain.substring(0, LONGEST_TEXT) : plain;
    }

    private static Optional<Instant> instant(JsonNode node) {
        try {
            return Optional.of(Instant.parse(text(node)));
        } catch (DateTimeException absent) {
            return Optional.empty();
        }
    }
}
