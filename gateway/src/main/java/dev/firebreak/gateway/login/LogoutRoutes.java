package dev.firebreak.gateway.login;

import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.csrf.CsrfRule;
import dev.firebreak.gateway.errors.Audience;
import dev.firebreak.gateway.platform.PublicOrigin;
import dev.firebreak.gateway.session.EndedSessions;
import dev.firebreak.gateway.session.SessionCookie;
import dev.firebreak.gateway.session.SessionRead;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * {@code POST /logout}: signs this browser out at once, and everywhere as soon as the authorization server hears of it.
 * Works whatever the cookie holds; a plain form will do.
 */
@Configuration(proxyBeanMethods = false)
class LogoutRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(LogoutRoutes.class);

    private final SessionCookie cookie;
    private final EndedSessions ended;
    private final SessionEnder ender;
    private final LogoutQueue queue;
    private final CsrfRule csrf;
    private final boolean secure;

    LogoutRoutes(
            SessionCookie cookie,
            EndedSessions ended,
            SessionEnder ender,
            LogoutQueue queue,
            CsrfRule csrf,
            PublicOrigin origin) {
        this.cookie = cookie;
        this.ended = ended;
        this.ender = ender;
        this.queue = queue;
        this.csrf = csrf;
        this.secure = origin.secure();
    }

    @Bean
    RouterFunction<ServerResponse> logoutEndpoint() {
        return RouterFunctions.route().POST("/logout", this::logOut).build();
    }

    private Mono<ServerResponse> logOut(ServerRequest request) {
        ServerWebExchange exchange = request.exchange();
        Optional<ServiceException> refusal =
                csrf.refusalOfForm(exchange.getRequest().getHeaders());
        if (refusal.isPresent()) {
            return Mono.error(refusal.get());
        }
        Mono<Boolean> everywhere = switch (cookie.read(exchange)) {
            case SessionRead.Found found -> end(found.session().sid());
            // Nothing was signed in, so nothing is left anywhere.
            case SessionRead.None _ -> Mono.just(true);
            case SessionRead.NotNow _, SessionRead.Worthless _ -> Mono.just(false);
        };
        cookie.clear(exchange);
        SessionCookie.add(exchange, ssoCookieCleared());
        return everywhere.flatMap(done -> answer(exchange, done));
    }

    private Mono<Boolean> end(String sid) {
        ended.add(sid);
        return ender.end(sid).thenReturn(true).onErrorResume(e -> {
            LOG.warn("Session {} is signed out here and elsewhere later: {}", sid, e.toString());
            queue.add(sid);
            return Mono.just(false);
        });
    }

    private static Mono<ServerResponse> answer(ServerWebExchange exchange, boolean everywhere) {
        if (Audience.isNavigation(exchange.getRequest())) {
            return ServerResponse.seeOther(URI.create("/"))
                    .cacheControl(CacheControl.noStore())
                    .build();
        }
        return ServerResponse.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noStore())
                .bodyValue("{\"everywhere\":" + everywhere + "}");
    }

    /** The authorization server's own cookie: while it is away nobody else can clear it. */
    private ResponseCookie ssoCookieCleared() {
        return ResponseCookie.from("firebreak-sso", "")
                .path("/auth")
                .httpOnly(true)
                .secure(secure)
                .sameSite("Lax")
                .maxAge(Duration.ZERO)
                .build();
    }
}
