package dev.firebreak.gateway.route;

import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * A service's answer while it is passed on: one that breaks off or stalls after its headers and before its first byte is
 * the service's failure too, and none of its headers may show through. Outside of the filter that writes the answer (-1).
 */
@Component
class UpstreamAnswer implements GlobalFilter, Ordered {
    static final int ORDER = -10;

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        return chain.filter(exchange).onErrorMap(UpstreamFailure::documented).doOnError(_ -> {
            if (!exchange.getResponse().isCommitted()) {
                ServerWebExchangeUtils.reset(exchange);
            }
        });
    }
}
