package dev.firebreak.gateway.errors;

import dev.firebreak.contracts.http.Headers;
import java.util.concurrent.ThreadLocalRandom;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** First of all filters: gives each request its trace. */
@Component
@Order(TraceFilter.ORDER)
class TraceFilter implements WebFilter {
    static final int ORDER = -1000;

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        String traceparent = exchange.getRequest().getHeaders().getFirst(Headers.TRACEPARENT);
        // Not a secret: an id must be rare, not unguessable.
        Trace.continueOrStart(traceparent, ThreadLocalRandom.current()).attachTo(exchange);
        return chain.filter(exchange);
    }
}
