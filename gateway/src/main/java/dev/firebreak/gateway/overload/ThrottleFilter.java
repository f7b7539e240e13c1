package dev.firebreak.gateway.overload;

import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.http.Headers;
import dev.firebreak.gateway.route.Area;
import dev.firebreak.gateway.route.Relay;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClientResponse;

/**
 * Refuses here what the task service would most likely refuse for want of room: to be asked costs it, and us, about a third
 * of a good answer (ADR 15). People and services have an allowance each, as they have lanes of their own there. The
 * authorization server's areas are never throttled: a crowd that signs in must not hold up those who renew.
 */
@Component
class ThrottleFilter implements GlobalFilter, Ordered {
    /** Outside of whoever may repeat a call (50), inside of what writes the answer. */
    static final int ORDER = 40;

    /** The service's own name, under which its metrics are scraped too. */
    private static final String UPSTREAM = "task-service";

    private static final Duration COME_BACK = Duration.ofSeconds(1);

    private final Side people;
    private final Side services;

    private record Side(Allowance allowance, Counter refused) {
        static Side of(String caller, MeterRegistry metrics) {
            Allowance allowance = new Allowance(System::nanoTime);
            Gauge.builder("gateway.upstream.allowance", allowance, Allowance::left)
                    .description("Requests that the service may still be sent, at most " + Allowance.MOST)
                    .tags("upstream", UPSTREAM, "caller", caller)
                    .register(metrics);
            return new Side(
                    allowance,
                    Counter.builder("gateway.upstream.throttled")
                            .description("Requests refused because the service refuses most for want of room")
                            .tags("upstream", UPSTREAM, "caller", caller)
                            .register(metrics));
        }
    }

    ThrottleFilter(MeterRegistry metrics) {
        this.people = Side.of("user", metrics);
        this.services = Side.of("service", metrics);
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (Area.of(exchange) != Area.TASKS) {
            return chain.filter(exchange);
        }
        Side side = Relay.of(exchange).isForService() ? services : people;
        Allowance.Pass pass = side.allowance().take();
        if (pass == Allowance.Pass.NONE) {
            side.refused().increment();
            return Mono.error(new ServiceException(
                    ServiceError.SATURATED, "The service has more to do than it can finish in time", COME_BACK));
        }
        return chain.filter(exchange).doFinally(_ -> account(exchange, side.allowance(), pass));
    }

    private static void account(ServerWebExchange exchange, Allowance allowance, Allowance.Pass pass) {
        HttpClientResponse answer = exchange.getAttribute(ServerWebExchangeUtils.CLIENT_RESPONSE_ATTR);
        if (answer == null) {
            allowance.unanswered(pass);
        } else if (answer.responseHeaders().contains(Headers.OVERLOADED)) {
            allowance.refused();
        } else {
            allowance.answered();
        }
    }
}
