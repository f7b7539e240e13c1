package dev.firebreak.gateway.route;

import static org.springframework.cloud.gateway.support.ServerWebExchangeUtils.GATEWAY_REQUEST_URL_ATTR;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.platform.GatewayProperties;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** One call of a service: where to, how long, how much, and what its failure means. Runs once per attempt. */
@Component
class UpstreamCall implements GlobalFilter, Ordered {
    /** Inside of whoever may repeat the call, outside of the client. */
    static final int ORDER = 100;

    private final GatewayProperties gateway;
    private final InstantSource clock;

    UpstreamCall(GatewayProperties gateway, InstantSource clock) {
        this.gateway = gateway;
        this.clock = clock;
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Area area = Area.of(exchange);
        if (area == null) {
            return Mono.error(new IllegalStateException("A proxied request must have passed the guard"));
        }
        Duration left = left(exchange);
        if (left.isZero()) {
            return Mono.error(new ServiceException(
                    RequestError.DEADLINE_EXCEEDED,
                    "The time for this request was used up before the service was asked"));
        }
        exchange.getAttributes().put(GATEWAY_REQUEST_URL_ATTR, target(area, exchange.getRequest()));
        return chain.filter(bounded(exchange, area))
                .timeout(left, Mono.error(() -> new TimeoutException("No answer within " + left.toMillis() + " ms")))
                .onErrorMap(UpstreamFailure::documented)
                .onErrorMap(ServiceException.class, e -> isLostOrder(e, exchange.getRequest()) ? lostOrder(e) : e);
    }

    private static boolean isLostOrder(ServiceException failure, ServerHttpRequest request) {
        return failure.error() == ServiceError.UPSTREAM_TIMEOUT
                && RouteTable.isWatchedOrder(
                        request.getMethod(), request.getURI().getRawPath());
    }

    /** The order goes on without us: whoever repeats it unseen may move one key too many. */
    private static ServiceException lostOrder(ServiceException timeout) {
        return new ServiceException(
                ServiceError.UPSTREAM_TIMEOUT,
                "The order was not answered in time and may have been carried out. Look at the keys and the journal.",
                timeout);
    }

    private Duration left(ServerWebExchange exchange) {
        Relay relay = Relay.of(exchange);
        Duration left = relay.deadline().left(clock.instant());
        Duration longest = relay.callTimeout();
        return left.compareTo(longest) < 0 ? left : longest;
    }

    /** The raw path and query as they came: nothing is decoded and encoded again on the way. */
    private URI target(Area area, ServerHttpRequest request) {
        URI base = area == Area.TASKS ? gateway.tasksUpstream() : gateway.authUpstream();
        String path = RouteTable.upstreamPath(area, request.getURI().getRawPath());
        String query = request.getURI().getRawQuery();
        return URI.create(base + path + (query == null ? "" : "?" + query));
    }

    /** A body beyond the limit is refused at once if it says its length, else where the limit is passed. */
    private ServerWebExchange bounded(ServerWebExchange exchange, Area area) {
        long limit = (area == Area.AUTH
                        ? gateway.limits().authBody()
                        : gateway.limits().apiBody())
                .toBytes();
        ServerHttpRequest request = exchange.getRequest();
        long declared = request.getHeaders().getContentLength();
        if (declared > limit) {
            throw tooLarge(limit);
        }
        boolean chunked = declared < 0 && request.getHeaders().containsHeader("Transfer-Encoding");
        return chunked ? exchange.mutate().request(counting(request, limit)).build() : exchange;
    }

    private static ServerHttpRequest counting(ServerHttpRequest request, long limit) {
        return new ServerHttpRequestDecorator(request) {
            @Override
            public Flux<DataBuffer> getBody() {
                return Flux.defer(() -> {
                    long[] seen = {0};
                    return super.getBody().<DataBuffer>handle((part, sink) -> {
                        seen[0] += part.readableByteCount();
                        if (seen[0] <= limit) {
                            sink.next(part);
                        } else {
                            DataBufferUtils.release(part);
                            sink.error(tooLarge(limit));
                        }
                    });
                });
            }
        };
    }

    private static ServiceException tooLarge(long limit) {
        return new ServiceException(RequestError.TOO_LARGE, "The body is larger than " + limit + " bytes");
    }
}
