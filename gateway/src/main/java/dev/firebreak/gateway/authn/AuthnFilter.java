package dev.firebreak.gateway.authn;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.csrf.CsrfRule;
import dev.firebreak.gateway.errors.Audience;
import dev.firebreak.gateway.ratelimit.SubjectLimit;
import dev.firebreak.gateway.route.Area;
import dev.firebreak.gateway.route.ClientAddress;
import dev.firebreak.gateway.route.Relay;
import dev.firebreak.gateway.session.Session;
import dev.firebreak.gateway.session.SessionCookie;
import dev.firebreak.gateway.session.SessionRead;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Lets an API call pass with a verified token, or says why not; and a page for people who are signed in, with a session. A request with {@code Authorization} is bearer and its
 * cookie ignored; else the cookie is turned into a bearer token, which is exactly where the CSRF rule applies.
 */
@Component
@Order(AuthnFilter.ORDER)
class AuthnFilter implements WebFilter {
    static final int ORDER = -600;

    private final BearerCheck bearer;
    private final SessionCookie cookie;
    private final SessionStanding standing;
    private final CsrfRule csrf;
    private final SubjectLimit limit;
    private final Credentials credentials;

    AuthnFilter(
            BearerCheck bearer,
            SessionCookie cookie,
            SessionStanding standing,
            CsrfRule csrf,
            SubjectLimit limit,
            Credentials credentials) {
        this.bearer = bearer;
        this.cookie = cookie;
        this.standing = standing;
        this.csrf = csrf;
        this.limit = limit;
        this.credentials = credentials;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Area area = Area.of(exchange);
        if (area == Area.PAGE) {
            return page(exchange, chain);
        }
        if (area == null || !area.isApi()) {
            return chain.filter(exchange);
        }
        return caller(exchange, area)
                .flatMap(caller -> pass(caller, exchange, chain))
                .onErrorResume(ServiceException.class, e -> signInOr(e, exchange));
    }

    /** A page holds nothing of anybody's: whoever has no session is sent to sign in, all else the page's calls find out. */
    private Mono<Void> page(ServerWebExchange exchange, WebFilterChain chain) {
        return switch (cookie.read(exchange)) {
            case SessionRead.None _ ->
                signInOr(new ServiceException(AuthError.TOKEN_MISSING, AuthError.TOKEN_MISSING.help()), exchange);
            case SessionRead.Worthless(ServiceException why) -> {
                cookie.clear(exchange);
                yield signInOr(why, exchange);
            }
            case SessionRead.Found _, SessionRead.NotNow _ -> chain.filter(exchange);
        };
    }

    private Mono<Caller> caller(ServerWebExchange exchange, Area area) {
        ServerHttpRequest request = exchange.getRequest();
        @Nullable String authorization = request.getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
        try {
            if (authorization != null) {
                return Mono.just(
                        bearer.check(authorization, ClientAddress.networkOf(exchange), credentials.verifierOf(area)));
            }
            return fromCookie(exchange, area);
        } catch (ServiceException e) {
            return Mono.error(e);
        }
    }

    private Mono<Caller> fromCookie(ServerWebExchange exchange, Area area) {
        ServerHttpRequest request = exchange.getRequest();
        SessionRead read = cookie.read(exchange);
        if (read instanceof SessionRead.None) {
            throw new ServiceException(AuthError.TOKEN_MISSING, AuthError.TOKEN_MISSING.help());
        }
        Optional<ServiceException> refusal = csrf.refusal(request.getMethod(), request.getHeaders());
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        return switch (read) {
            case SessionRead.Found(Session session) ->
                standing.of(session, exchange).flatMap(found -> callerOf(found, exchange, area));
            case SessionRead.NotNow(ServiceException why) -> throw why;
            case SessionRead.Worthless(ServiceException why) -> {
                cookie.clear(exchange);
                throw why;
            }
            case SessionRead.None _ -> throw new IllegalStateException("Handled above");
        };
    }

    private Mono<Caller> callerOf(Standing standing, ServerWebExchange exchange, Area area) {
        return switch (standing) {
            case Standing.Usable usable -> credentials.callerOf(usable, area);
            case Standing.Paused paused -> throw paused.why();
            case Standing.Ended ended -> {
                cookie.clear(exchange);
                throw ended.why();
            }
        };
    }

    private Mono<Void> pass(Caller caller, ServerWebExchange exchange, WebFilterChain chain) {
        Optional<ServiceException> refusal = limit.refusal(caller.token().sub());
        if (refusal.isPresent()) {
            return Mono.error(refusal.get());
        }
        caller.attachTo(exchange);
        Relay relay = Relay.of(exchange);
        relay.bearer(caller.accessToken());
        if (caller.token().sub().equals(caller.token().clientId())) {
            relay.forService();
        }
        return chain.filter(exchange);
    }

    /** A browser that navigates without a session is sent to sign in; everything else gets the plain truth. */
    private static Mono<Void> signInOr(ServiceException failure, ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        boolean bearerless = !request.getHeaders().containsHeader(HttpHeaders.AUTHORIZATION);
        boolean signIn = failure.error().kind() == ErrorCode.Kind.UNAUTHENTICATED
                && bearerless
                && Audience.isRedirectable(request);
        if (!signIn || exchange.getResponse().isCommitted()) {
            return Mono.error(failure);
        }
        String query = request.getURI().getRawQuery();
        String here = request.getURI().getRawPath() + (query == null ? "" : "?" + query);
        HttpHeaders headers = exchange.getResponse().getHeaders();
        exchange.getResponse().setStatusCode(HttpStatus.SEE_OTHER);
        headers.setLocation(URI.create("/login?return_to=" + URLEncoder.encode(here, StandardCharsets.UTF_8)));
        headers.setCacheControl("no-store");
        return exchange.getResponse().setComplete();
    }
}
