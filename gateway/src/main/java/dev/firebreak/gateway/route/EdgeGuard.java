package dev.firebreak.gateway.route;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.platform.FirebreakProperties;
import dev.firebreak.gateway.platform.GatewayProperties;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.context.ApplicationContext;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Lets in what has a well-formed path on the allow-list, and says once for all where it belongs. */
@Component
@Order(EdgeGuard.ORDER)
class EdgeGuard implements WebFilter {
    static final int ORDER = -900;
    /** TRACE would echo cookies, CONNECT is for forward proxies. */
    private static final List<HttpMethod> REFUSED = List.of(HttpMethod.TRACE, HttpMethod.valueOf("CONNECT"));

    private final ApplicationContext main;
    private final InstantSource clock;
    private final Duration timeout;
    private final GatewayProperties.Upstream upstream;

    EdgeGuard(ApplicationContext main, InstantSource clock, FirebreakProperties firebreak, GatewayProperties gateway) {
        this.main = main;
        this.clock = clock;
        this.timeout = firebreak.deadline().defaultTimeout();
        this.upstream = gateway.upstream();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        if (exchange.getApplicationContext() != main) {
            // The management port is another context, but inherits these filters.
            return chain.filter(exchange);
        }
        try {
            admit(exchange).attachTo(exchange);
        } catch (ServiceException | MethodNotAllowedException e) {
            return Mono.error(e);
        }
        startRelay(exchange);
        return chain.filter(exchange);
    }

    private void startRelay(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        if (RouteTable.isWatchedOrder(request.getMethod(), request.getURI().getRawPath())) {
            Relay.start(exchange, clock.instant(), upstream.orderTimeout(), upstream.orderTimeout());
        } else {
            Relay.start(exchange, clock.instant(), timeout, upstream.responseTimeout());
        }
    }

    private static Area admit(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        String path = request.getURI().getRawPath();
        Optional<String> fault = PathRules.fault(path);
        if (fault.isPresent()) {
            throw new ServiceException(RequestError.MALFORMED, fault.get());
        }
        if (REFUSED.contains(request.getMethod())) {
            throw new ServiceException(RequestError.METHOD_NOT_ALLOWED, "This method is not used here");
        }
        List<String> authorization = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
        if (authorization != null && authorization.size() > 1) {
            throw new ServiceException(RequestError.MALFORMED, "The request has more than one Authorization header");
        }
        Area area = RouteTable.areaOf(path)
                .orElseThrow(() -> new ServiceException(RequestError.UNKNOWN_PATH, "There is nothing at this path"));
        Set<HttpMethod> methods = RouteTable.ownMethods(area, path);
        if (!methods.isEmpty() && !methods.contains(request.getMethod())) {
            throw new MethodNotAllowedException(request.getMethod(), methods);
        }
        return area;
    }
}
