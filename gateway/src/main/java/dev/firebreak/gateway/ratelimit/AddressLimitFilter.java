package dev.firebreak.gateway.ratelimit;

import dev.firebreak.contracts.error.RateError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.platform.GatewayProperties;
import dev.firebreak.gateway.route.Area;
import dev.firebreak.gateway.route.ClientAddress;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/** Requests of one network: generous for all of them, strict for what starts a sign-in or guesses a secret. */
@Component
@Order(AddressLimitFilter.ORDER)
class AddressLimitFilter implements WebFilter {
    static final int ORDER = -700;
    private static final int BURST_SECONDS = 2;
    /** Many people behind one address arrive together in the morning; nobody guesses passwords ten seconds long. */
    private static final int STRICT_BURST_SECONDS = 10;

    private final Buckets all;
    private final Buckets loginStarts;
    private final Buckets passwordAttempts;
    private final Buckets tokenRequests;

    AddressLimitFilter(GatewayProperties gateway, InstantSource clock, MeterRegistry metrics) {
        GatewayProperties.RateLimit rate = gateway.rateLimit();
        this.all =
                new Buckets(rate.perAddress(), rate.perAddress() * BURST_SECONDS, clock).measured("address", metrics);
        this.loginStarts = strict(rate.loginStarts(), clock).measured("login-start", metrics);
        this.passwordAttempts = strict(rate.passwordAttempts(), clock).measured("password", metrics);
        this.tokenRequests = strict(rate.tokenRequests(), clock).measured("token", metrics);
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Area area = Area.of(exchange);
        if (area == null || area == Area.HEALTH) {
            return chain.filter(exchange);
        }
        String network = ClientAddress.networkOf(exchange);
        Optional<Duration> wait = all.take(network);
        if (wait.isEmpty() && (area == Area.OWN || area == Area.AUTH)) {
            wait = takeStrict(exchange.getRequest(), network);
        }
        return wait.isEmpty()
                ? chain.filter(exchange)
                : Mono.error(
                        new ServiceException(RateError.LIMITED, "Too many requests from this address", wait.get()));
    }

    private Optional<Duration> takeStrict(ServerHttpRequest request, String network) {
        boolean post = request.getMethod() == HttpMethod.POST;
        return switch (request.getURI().getRawPath()) {
            case "/login", "/login/callback" -> loginStarts.take(network);
            case "/auth/login", "/auth/reset" -> post ? passwordAttempts.take(network) : Optional.empty();
            case "/auth/oauth2/token" -> tokenRequests.take(network);
            default -> Optional.empty();
        };
    }

    private static Buckets strict(int perSecond, InstantSource clock) {
        return new Buckets(perSecond, perSecond * STRICT_BURST_SECONDS, clock);
    }
}
