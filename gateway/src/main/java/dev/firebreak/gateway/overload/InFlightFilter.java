package dev.firebreak.gateway.overload;

import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.platform.FirebreakProperties;
import dev.firebreak.gateway.route.Area;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Admits a bounded number of requests at once and refuses the rest before their bodies are read. */
@Component
@Order(InFlightFilter.ORDER)
class InFlightFilter implements WebFilter {
    static final int ORDER = -800;

    private final int max;
    private final AtomicInteger inFlight = new AtomicInteger();

    InFlightFilter(FirebreakProperties firebreak, MeterRegistry metrics) {
        this.max = firebreak.overload().maxInFlight();
        Gauge.builder("gateway.requests.in.flight", inFlight, AtomicInteger::get)
                .description("Requests being worked on, probes excluded")
                .register(metrics);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Area area = Area.of(exchange);
        if (area == null || area == Area.HEALTH) {
            return chain.filter(exchange);
        }
        return Mono.defer(() -> {
            if (inFlight.incrementAndGet() > max) {
                inFlight.decrementAndGet();
                return Mono.error(new ServiceException(
                        ServiceError.SATURATED,
                        "The gateway works on as many requests as it can",
                        Duration.ofSeconds(1)));
            }
            return chain.filter(exchange).doFinally(_ -> inFlight.decrementAndGet());
        });
    }
}
