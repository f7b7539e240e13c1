package dev.firebreak.gateway.authn;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.platform.Reads;
import dev.firebreak.gateway.renewal.RenewalPolicy;
import dev.firebreak.gateway.session.OwnToken;
import dev.firebreak.gateway.session.Session;
import dev.firebreak.gateway.session.SessionCookie;
import dev.firebreak.gateway.session.SessionRead;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code GET /session}: who is signed in and how well it goes. 200 whenever the cookie opens and the session is not proved
 * over, also while it cannot be renewed; so that a page can tell "signed out" from "the other side has trouble".
 */
@Configuration(proxyBeanMethods = false)
class SessionRoutes {
    private final SessionCookie cookie;
    private final SessionStanding standing;
    private final RenewalPolicy policy;

    SessionRoutes(SessionCookie cookie, SessionStanding standing, RenewalPolicy policy) {
        this.cookie = cookie;
        this.standing = standing;
        this.policy = policy;
    }

    @Bean
    RouterFunction<ServerResponse> sessionEndpoint() {
        return RouterFunctions.route().route(Reads.of("/session"), this::show).build();
    }

    private Mono<ServerResponse> show(ServerRequest request) {
        return switch (cookie.read(request.exchange())) {
            case SessionRead.None _ ->
                Mono.error(new ServiceException(AuthError.TOKEN_MISSING, "Nobody is signed in in this browser"));
            case SessionRead.NotNow(ServiceException why) -> Mono.error(why);
            case SessionRead.Worthless(ServiceException why) -> over(request, why);
            case SessionRead.Found(Session session) ->
                standing.of(session, request.exchange()).flatMap(found -> switch (found) {
                    case Standing.Usable usable ->
                        answer(
                                usable.session(),
                                usable.delayed() ? "delayed" : "ok",
                                usable.token().expiresAt());
                    case Standing.Paused paused ->
                        answer(
                                paused.session(),
                                "paused",
                                OwnToken.expiry(paused.session()).orElse(Instant.EPOCH));
                    case Standing.Ended ended -> over(request, ended.why());
                });
        };
    }

    private Mono<ServerResponse> over(ServerRequest request, ServiceException why) {
        cookie.clear(request.exchange());
        return Mono.error(why);
    }

    private Mono<ServerResponse> answer(Session session, String renewal, Instant tokenExpires) {
        Map<String, Object> user = new LinkedHashMap<>();
        user.put("id", OwnToken.subject(session).orElse(""));
        user.put("name", session.name());
        user.put("email", session.email());
        user.put("roles", List.copyOf(session.roles()));
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("user", user);
        body.put("renewal", renewal);
        body.put("valid_until", policy.usableUntil(tokenExpires).toString());
        body.put("ends_at", session.endsAt().toString());
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noStore())
                .header("X-Content-Type-Options", "nosniff")
                .bodyValue(JSONObjectUtils.toJSONString(body));
    }
}
