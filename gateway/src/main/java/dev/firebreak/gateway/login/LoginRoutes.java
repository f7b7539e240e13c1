package dev.firebreak.gateway.login;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.SessionError;
import dev.firebreak.contracts.token.Scopes;
import dev.firebreak.gateway.platform.FirebreakProperties;
import dev.firebreak.gateway.platform.PublicOrigin;
import dev.firebreak.gateway.session.SessionCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/** {@code GET /login} and its callback. Both work whatever an old session cookie holds. */
@Configuration(proxyBeanMethods = false)
class LoginRoutes {
    static final String CALLBACK = "/login/callback";
    /** What the pages and the task API need, nothing for later. */
    private static final String SCOPE =
            String.join(" ", Scopes.OPENID, Scopes.PROFILE, Scopes.EMAIL, Scopes.TASKS_READ, Scopes.TASKS_WRITE);

    private static final int MAX_HINT_CHARS = 254;
    /** Errors of RFC 6749, 4.1.2.1 that say nothing against the sign-in. */
    private static final Set<String> TROUBLE = Set.of("temporarily_unavailable", "server_error");

    private final LoginCookies logins;
    private final SessionCookie cookie;
    private final SignIn signIn;
    private final InstantSource clock;
    private final SecureRandom random;
    private final PublicOrigin origin;
    private final String issuer;
    private final String clientId;

    LoginRoutes(
            LoginCookies logins,
            SessionCookie cookie,
            SignIn signIn,
            InstantSource clock,
            SecureRandom random,
            PublicOrigin origin,
            FirebreakProperties firebreak) {
        this.logins = logins;
        this.cookie = cookie;
        this.signIn = signIn;
        this.clock = clock;
        this.random = random;
        this.origin = origin;
        this.issuer = firebreak.issuer().toString();
        this.clientId = firebreak.client().id();
    }

    @Bean
    RouterFunction<ServerResponse> loginEndpoints() {
        return RouterFunctions.route()
                .GET("/login", this::start)
                .GET(CALLBACK, this::finish)
                .build();
    }

    private Mono<ServerResponse> start(ServerRequest request) {
        String returnTo = ReturnTo.of(request.queryParam("return_to").orElse(null), origin.value());
        Map<String, String> stepUp = StepUp.of(request.queryParams());
        LoginAttempt attempt = LoginAttempt.start(returnTo, clock.instant(), random);
        logins.add(request.exchange(), attempt);
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", clientId);
        query.put("redirect_uri", origin.url(CALLBACK));
        query.put("scope", SCOPE);
        query.put("state", attempt.state());
        query.put("nonce", attempt.nonce());
        query.put("code_challenge", attempt.challenge());
        query.put("code_challenge_method", "S256");
        query.putAll(stepUp);
        request.queryParam("login_hint")
                .filter(hint -> !hint.isBlank() && hint.length() <= MAX_HINT_CHARS)
                .ifPresent(hint -> query.put("login_hint", hint));
        return redirect(URI.create(issuer + "/oauth2/authorize?" + encode(query)));
    }

    private Mono<ServerResponse> finish(ServerRequest request) {
        LoginAttempt attempt = request.queryParam("state")
                .flatMap(state -> logins.find(request.exchange(), state))
                .orElseThrow(() -> new ServiceException(SessionError.LOGIN_STATE, SessionError.LOGIN_STATE.help()));
        Optional<String> error = request.queryParam("error");
        if (error.isPresent()) {
            return refused(request, attempt, error.get());
        }
        // RFC 9207: an answer that names another issuer belongs to another server's sign-in.
        boolean foreign =
                request.queryParam("iss").filter(iss -> !iss.equals(issuer)).isPresent();
        String code = request.queryParam("code").orElse("");
        if (foreign || code.isEmpty()) {
            logins.clear(request.exchange(), attempt);
            throw new ServiceException(SessionError.LOGIN_STATE, SessionError.LOGIN_STATE.help());
        }
        return signIn.complete(attempt, code)
                .flatMap(session -> {
                    cookie.set(request.exchange(), cookie.sealAtSignIn(session));
                    logins.clear(request.exchange(), attempt);
                    return redirect(URI.create(attempt.returnTo()));
                })
                // The cookie of this sign-in stays: while the other side is away, reloading may still succeed.
                .doOnError(ServiceException.class, e -> {
                    if (e.error() == SessionError.LOGIN_REFUSED) {
                        logins.clear(request.exchange(), attempt);
                    }
                });
    }

    private Mono<ServerResponse> refused(ServerRequest request, LoginAttempt attempt, String error) {
        if (TROUBLE.contains(error)) {
            return Mono.error(new ServiceException(
                    AuthError.UNAVAILABLE,
                    "The authorization server cannot complete the sign-in at the moment. Start again shortly.",
                    Duration.ofSeconds(2)));
        }
        logins.clear(request.exchange(), attempt);
        return Mono.error(new ServiceException(SessionError.LOGIN_REFUSED, SessionError.LOGIN_REFUSED.help()));
    }

    private static Mono<ServerResponse> redirect(URI target) {
        return ServerResponse.seeOther(target)
                .cacheControl(CacheControl.noStore())
                .header("Referrer-Policy", "no-referrer")
                .build();
    }

    private static String encode(Map<String, String> query) {
        return query.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }
}
