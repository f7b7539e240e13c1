package dev.firebreak.gateway.route;

import dev.firebreak.contracts.http.Headers;
import dev.firebreak.gateway.errors.Trace;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.springframework.cloud.gateway.filter.headers.HttpHeadersFilter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.server.ServerWebExchange;

/** The only pass over headers, each way: hop-by-hop ones stay here, forged ones vanish, ours are set. */
final class UpstreamHeaders {
    /** RFC 9110, 7.6.1, and older names still in use. */
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");

    /** By these a client could say who or where it is, or have another method or path served than the one checked. */
    private static final Set<String> FORGEABLE = Set.of(
            "forwarded",
            "x-real-ip",
            "x-client-ip",
            "x-cluster-client-ip",
            "true-client-ip",
            "cf-connecting-ip",
            "client-ip",
            "x-original-url",
            "x-original-host",
            "x-rewrite-url",
            "x-http-method",
            "x-http-method-override",
            "x-method-override",
            "via",
            "host",
            "expect",
            "cookie",
            "traceparent",
            "x-firebreak");

    /** What services say of their own making. */
    private static final Set<String> CHATTY = Set.of("server", "x-powered-by", "set-cookie");

    private UpstreamHeaders() {}

    /** Towards the services. */
    static HttpHeadersFilter requests(InstantSource clock) {
        return new HttpHeadersFilter() {
            @Override
            public HttpHeaders filter(HttpHeaders from, ServerWebExchange exchange) {
                return toUpstream(from, exchange, clock);
            }

            @Override
            public boolean supports(Type type) {
                return type == Type.REQUEST;
            }
        };
    }

    /** Towards the client. */
    static HttpHeadersFilter responses() {
        return new HttpHeadersFilter() {
            @Override
            public HttpHeaders filter(HttpHeaders from, ServerWebExchange exchange) {
                return toClient(from, Area.of(exchange) == Area.AUTH);
            }

            @Override
            public boolean supports(Type type) {
                return type == Type.RESPONSE;
            }
        };
    }

    private static HttpHeaders toUpstream(HttpHeaders from, ServerWebExchange exchange, InstantSource clock) {
        Set<String> nominated = nominated(from);
        boolean api = Area.of(exchange) != Area.AUTH;
        HttpHeaders to = new HttpHeaders();
        from.forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean dropped = HOP_BY_HOP.contains(lower)
                    || FORGEABLE.contains(lower)
                    || nominated.contains(lower)
                    || lower.startsWith("x-forwarded-")
                    || lower.startsWith("firebreak-")
                    || (api && lower.equals("authorization"));
            if (!dropped) {
                to.addAll(name, values);
            }
        });
        Relay relay = Relay.of(exchange);
        to.set(Headers.TRACEPARENT, Trace.of(exchange).traceparent());
        to.set(Headers.CLIENT_ADDRESS, ClientAddress.of(exchange));
        to.set(Headers.TIMEOUT, relay.deadline().headerValue(clock.instant()));
        String bearer = relay.bearer();
        if (api && bearer != null) {
            to.setBearerAuth(bearer);
        }
        if (!api) {
            AuthCookies.toAuthServer(from).ifPresent(cookies -> to.set(HttpHeaders.COOKIE, cookies));
        }
        return to;
    }

    static HttpHeaders toClient(HttpHeaders from, boolean authServer) {
        Set<String> nominated = nominated(from);
        HttpHeaders to = new HttpHeaders();
        from.forEach((name, values) -> {
            String lower = name.toLowerCase(Locale.ROOT);
            boolean dropped = HOP_BY_HOP.contains(lower)
                    || CHATTY.contains(lower)
                    || nominated.contains(lower)
                    || lower.startsWith("firebreak-");
            if (!dropped) {
                to.addAll(name, values);
            }
        });
        if (!authServer && !to.containsHeader(HttpHeaders.CACHE_CONTROL)) {
            // An API answer belongs to one user; a service that forgot to say so must not leak it through a cache.
            to.setCacheControl("no-store");
        }
        if (authServer) {
            List<String> cookies = AuthCookies.fromAuthServer(from.getOrEmpty(HttpHeaders.SET_COOKIE));
            if (!cookies.isEmpty()) {
                to.addAll(HttpHeaders.SET_COOKIE, cookies);
            }
        }
        to.set("X-Content-Type-Options", "nosniff");
        return to;
    }

    /**
     * Headers that the sender declared hop-by-hop. They are dropped from what <em>it</em> sent, before ours are added: a
     * client that names ours in {@code Connection} gains nothing.
     */
    private static Set<String> nominated(HttpHeaders headers) {
        List<String> connection = headers.getOrEmpty(HttpHeaders.CONNECTION);
        if (connection.isEmpty()) {
            return Set.of();
        }
        Set<String> names = new HashSet<>();
        for (String value : connection) {
            for (String name : value.split(",", -1)) {
                names.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return names;
    }
}
