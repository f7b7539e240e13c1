package dev.firebreak.drill.scenario;

import dev.firebreak.stack.ops.KeysClient;
import dev.firebreak.stack.ops.OpsRefusal;
import dev.firebreak.stack.process.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** Orders on the signing keys of a drill's stack, as an operator gives them. */
final class SigningKeys {
    private static final Duration ACTIVATION = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(100);

    private final KeysClient client;
    private final String reason;

    SigningKeys(Ground ground, String scenario) {
        this.client = ground.stack().parts().keys(wait -> {});
        this.reason = "drill " + scenario;
    }

    /**
     * After how long an order was in force.
     *
     * @param heard verifiers that were known to have it when the order was answered
     * @param slowestMs the last of them; infinite while one is missing
     * @param missing verifiers that lacked it, by name
     */
    record Effect(int heard, double slowestMs, List<String> missing) {
        Effect {
            missing = List.copyOf(missing);
        }

        static Effect of(JsonNode answer) {
            List<String> missing = new ArrayList<>();
            answer.path("missing").forEach(verifier -> missing.add(verifier.asString("")));
            double slowest = 0;
            for (JsonNode effective : answer.path("effective")) {
                slowest = Math.max(slowest, effective.path("after_ms").asDouble(Double.MAX_VALUE));
            }
            int heard = answer.path("effective").size();
            return new Effect(heard, heard > 0 && missing.isEmpty() ? slowest : Double.POSITIVE_INFINITY, missing);
        }

        String text() {
            return missing.isEmpty()
                    ? String.format(Locale.ROOT, "in force at %d verifiers after %.0f ms", heard, slowestMs)
                    : "not yet in force at " + String.join(", ", missing);
        }
    }

    /** As the schedule does it, without the waits for third parties. Returns when it signs, or waits for a verifier. */
    Effect rotate() {
        return rotate(true, false);
    }

    /** A new key signs; the one that signed and those that retired are taken back. */
    Effect rotateInEmergency() {
        return rotate(false, true);
    }

    private Effect rotate(boolean force, boolean emergency) {
        try {
            return Effect.of(client.give(new KeysClient.Order("rotate", null, reason, force, emergency, null, false)));
        } catch (OpsRefusal e) {
            throw new IllegalStateException("the rotation was refused (" + e.code() + "): " + e.getMessage(), e);
        }
    }

    /** The key that signs. */
    String active() {
        for (JsonNode key : client.list().path("keys")) {
            if (key.path("state").asString("").equals("active")) {
                return key.path("kid").asString("");
            }
        }
        throw new IllegalStateException("no key is active");
    }

    /** False if no other key signs in a quarter of a minute. */
    boolean awaitActiveOtherThan(String kid) {
        return Wait.until(ACTIVATION, POLL, () -> !active().equals(kid));
    }

    /** How far browsers have got a token of the new key, in words. */
    String renewed() {
        JsonNode sessions = client.renewal().path("sessions");
        return sessions.path("renewed").asLong(0) + " of "
                + sessions.path("to_renew").asLong(0) + " sessions renewed";
    }
}
