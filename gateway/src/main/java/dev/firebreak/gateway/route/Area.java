package dev.firebreak.gateway.route;

import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/** Which part of the system a path belongs to. Decided once per request, by {@link RouteTable}. */
public enum Area {
    /** Probes: answered whatever else happens. */
    HEALTH,
    /** Pages and endpoints of the gateway itself. */
    OWN,
    /** Pages of the gateway itself for people who are signed in; what they show they ask the APIs for. */
    PAGE,
    /** Discovery documents and JWKS: answered here, also while the authorization server is away. */
    DISCOVERY,
    /** The authorization server's pages and OAuth endpoints. */
    AUTH,
    /** API of the authorization server. */
    AUTH_API,
    /** Operators' endpoints of the authorization server, which take tokens of their own audience. */
    OPS,
    /** API of the task service. */
    TASKS;

    private static final String ATTRIBUTE = Area.class.getName();

    /** Whether this area is called with an access token, from a header or out of a session. */
    public boolean isApi() {
        return this == AUTH_API || this == OPS || this == TASKS;
    }

    /** The area of a request; null on the management port, which is none of the edge's business. */
    public static @Nullable Area of(ServerWebExchange exchange) {
        return exchange.getAttribute(ATTRIBUTE);
    }

    void attachTo(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }
}
