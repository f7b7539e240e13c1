package dev.firebreak.auth.webhook;

import dev.firebreak.contracts.event.EventType;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A registered receiver as its file says.
 *
 * @param secrets one, or two while it changes from one to the other: each message is signed with all of them
 */
record Webhook(String id, URI url, Set<EventType> events, List<WebhookSecret> secrets) {
    Webhook {
        events = Set.copyOf(events);
        secrets = List.copyOf(secrets);
    }

    /** The headers of one attempt (Standard Webhooks 1.0, "Webhook headers"). */
    Map<String, String> headers(String messageId, Instant at, String body) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("webhook-id", messageId);
        headers.put("webhook-timestamp", String.valueOf(at.getEpochSecond()));
        headers.put(
                "webhook-signature",
                secrets.stream().map(secret -> secret.sign(messageId, at, body)).collect(Collectors.joining(" ")));
        return headers;
    }

    /** Scheme, host and port: a path or a query may be a secret of the receiver's. */
    String origin() {
        return url.getScheme() + "://" + url.getRawAuthority();
    }

    @Override
    public String toString() {
        return "Webhook[" + id + "]";
    }
}
