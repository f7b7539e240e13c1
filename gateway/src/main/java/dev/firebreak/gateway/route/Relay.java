package dev.firebreak.gateway.route;

import dev.firebreak.trust.Deadline;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/** What a proxied request takes along that did not come from the client. One per request, for one thread at a time. */
public final class Relay {
    private static final String ATTRIBUTE = Relay.class.getName();

    private final Deadline deadline;
    private final Duration callTimeout;
    private @Nullable String bearer;
    private boolean forService;

    private Relay(Deadline deadline, Duration callTimeout) {
        this.deadline = deadline;
        this.callTimeout = callTimeout;
    }

    /**
     * @param timeout for the whole request
     * @param callTimeout for one call of a service
     */
    static void start(ServerWebExchange exchange, Instant arrived, Duration timeout, Duration callTimeout) {
        exchange.getAttributes().put(ATTRIBUTE, new Relay(new Deadline(arrived.plus(timeout)), callTimeout));
    }

    /** The one of this request. */
    public static Relay of(ServerWebExchange exchange) {
        return exchange.getRequiredAttribute(ATTRIBUTE);
    }

    /** Sets the access token that the service sees instead of whatever the client sent. */
    public void bearer(String accessToken) {
        this.bearer = accessToken;
    }

    /** Says that a service calls for itself, not for a user. */
    public void forService() {
        this.forService = true;
    }

    /** Whether a service calls for itself. */
    public boolean isForService() {
        return forService;
    }

    @Nullable
    String bearer() {
        return bearer;
    }

    /** How long a service may take, if the deadline leaves as much: what a token must outlive. */
    public Duration callTimeout() {
        return callTimeout;
    }

    /** When the whole request must be answered. */
    public Deadline deadline() {
        return deadline;
    }
}
