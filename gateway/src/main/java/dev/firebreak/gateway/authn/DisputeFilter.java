package dev.firebreak.gateway.authn;

import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.route.Area;
import dev.firebreak.gateway.route.Relay;
import dev.firebreak.gateway.session.Session;
import dev.firebreak.gateway.session.SessionCookie;
import dev.firebreak.trust.TokenVerifier;
import dev.firebreak.trust.Verdict;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.cloud.gateway.support.ServerWebExchangeUtils;
import org.springframework.core.Ordered;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * A service that answers 401 to a token which was verified here is an infrastructure fault, not news about the user: the
 * session is renewed once and the call repeated, else the caller is told to come back. Only a demand for a stronger
 * sign-in (RFC 9470) is passed on. A refused call has done nothing, so that repeating it is safe for every method.
 */
@Component
class DisputeFilter implements GlobalFilter, Ordered {
    private static final Logger LOG = LoggerFactory.getLogger(DisputeFilter.class);
    /** Inside of the filter that writes the answer (-1), outside of the call itself (100). */
    static final int ORDER = 50;
    /** A larger body is not kept for a second attempt. */
    private static final int MAX_REPLAYED_BYTES = 16 * 1024;

    private final SessionStanding standing;
    private final SessionCookie cookie;
    private final Credentials credentials;
    private final SecondLook secondLook;
    private final Counter disputes;

    DisputeFilter(
            SessionStanding standing,
            SessionCookie cookie,
            Credentials credentials,
            SecondLook secondLook,
            MeterRegistry metrics) {
        this.standing = standing;
        this.cookie = cookie;
        this.credentials = credentials;
        this.secondLook = secondLook;
        this.disputes = Counter.builder("gateway.token.disputes")
                .description("401s of services for tokens that were verified here")
                .register(metrics);
    }

    @Override
    public int getOrder() {
        return ORDER;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        Area area = Area.of(exchange);
        if (area == null || !area.isApi()) {
            return chain.filter(exchange);
        }
        Caller caller = Caller.of(exchange);
        if (caller.session() == null || !hasReplayableBody(exchange.getRequest())) {
            return chain.filter(exchange)
                    .then(Mono.defer(() -> isDispute(exchange) ? giveUp(exchange, area) : Mono.empty()));
        }
        return replayable(exchange)
                .flatMap(kept -> chain.filter(kept)
                        .then(Mono.defer(() -> isDispute(kept) ? renewAndRepeat(kept, chain, area) : Mono.empty())));
    }

    private Mono<Void> renewAndRepeat(ServerWebExchange exchange, GatewayFilterChain chain, Area area) {
        Caller caller = Caller.of(exchange);
        Session session = Objects.requireNonNull(caller.session());
        report(exchange, caller);
        // Gives the connection to the service back before anything is waited for.
        ServerWebExchangeUtils.reset(exchange);
        return standing.renewDisputed(session, caller.token(), exchange).flatMap(found -> switch (found) {
            case Standing.Usable usable ->
                credentials
                        .callerOf(usable, area)
                        .onErrorResume(ServiceException.class, e -> fail(exchange, e))
                        .flatMap(next -> repeat(exchange, chain, next));
            case Standing.Paused paused -> fail(exchange, paused.why());
            case Standing.Ended ended -> {
                cookie.clear(exchange);
                yield fail(exchange, ended.why());
            }
        });
    }

    private Mono<Void> repeat(ServerWebExchange exchange, GatewayFilterChain chain, Caller caller) {
        Relay.of(exchange).bearer(caller.accessToken());
        return chain.filter(exchange)
                .then(Mono.defer(() -> isDispute(exchange) ? giveUpRepeated(exchange, caller) : Mono.empty()));
    }

    private Mono<Void> giveUpRepeated(ServerWebExchange exchange, Caller caller) {
        ServerWebExchangeUtils.reset(exchange);
        return standing.whyStillDisputed(caller.accessToken(), exchange).flatMap(why -> fail(exchange, why));
    }

    /** Nothing can be repeated; but the token may have been revoked or have expired, and this gateway hears it last. */
    private Mono<Void> giveUp(ServerWebExchange exchange, Area area) {
        Caller caller = Caller.of(exchange);
        report(exchange, caller);
        ServerWebExchangeUtils.reset(exchange);
        TokenVerifier verifier = credentials.verifierOf(area);
        return secondLook
                .until(() -> verifier.verify(caller.accessToken()) instanceof Verdict.Refused, exchange)
                .flatMap(_ -> fail(exchange, whyGivenUp(caller, verifier.verify(caller.accessToken()))));
    }

    private static ServiceException whyGivenUp(Caller caller, Verdict now) {
        if (!(now instanceof Verdict.Refused refused)) {
            return SessionStanding.disagreement();
        }
        return caller.session() == null
                ? new ServiceException(refused.reason(), refused.reason().help())
                : SessionStanding.renewing();
    }

    /** Nothing of the service's answer may show through. */
    private static <T> Mono<T> fail(ServerWebExchange exchange, ServiceException why) {
        ServerWebExchangeUtils.reset(exchange);
        return Mono.error(why);
    }

    private void report(ServerWebExchange exchange, Caller caller) {
        disputes.increment();
        LOG.warn(
                "{} answered 401 to a token that was verified here (kid {}, jti {})",
                exchange.getRequest().getURI().getRawPath(),
                caller.token().kid(),
                caller.token().jti());
    }

    private static boolean isDispute(ServerWebExchange exchange) {
        ServerHttpResponse response = exchange.getResponse();
        if (response.getStatusCode() != HttpStatus.UNAUTHORIZED || response.isCommitted()) {
            return false;
        }
        @Nullable String challenge = response.getHeaders().getFirst(HttpHeaders.WWW_AUTHENTICATE);
        return challenge == null || !challenge.contains("insufficient_user_authentication");
    }

    private static boolean hasReplayableBody(ServerHttpRequest request) {
        boolean chunked = request.getHeaders().containsHeader(HttpHeaders.TRANSFER_ENCODING);
        return !chunked && request.getHeaders().getContentLength() <= MAX_REPLAYED_BYTES;
    }

    /** The request with its small body in memory, so that it can be sent twice. */
    private static Mono<ServerWebExchange> replayable(ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        if (request.getHeaders().getContentLength() <= 0) {
            return Mono.just(exchange);
        }
        return DataBufferUtils.join(request.getBody(), MAX_REPLAYED_BYTES)
                .map(joined -> {
                    byte[] bytes = new byte[joined.readableByteCount()];
                    joined.read(bytes);
                    DataBufferUtils.release(joined);
                    return bytes;
                })
                .defaultIfEmpty(new byte[0])
                .map(bytes -> exchange.mutate()
                        .request(new ServerHttpRequestDecorator(request) {
                            @Override
                            public Flux<DataBuffer> getBody() {
                                return Flux.defer(() -> Flux.just(
                                        exchange.getResponse().bufferFactory().wrap(bytes)));
                            }
                        })
                        .build());
    }
}
