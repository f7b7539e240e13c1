package dev.firebreak.auth.login;

import dev.firebreak.auth.login.step.AuthorizationUrl;
import dev.firebreak.auth.login.step.SignInStep;
import dev.firebreak.auth.login.step.SignInSteps;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Component;

/** The sign-in form in one of its states. Shows it without any I/O, so that it also comes while the database is away. */
@Component
class LoginPage {
    private static final int MAX_SHOWN = 254;

    private final SignInSteps steps;
    private final RegisteredClientRepository clients;
    private final Pages pages;

    /** What the page says above the form, and the status that says the same to programs. */
    enum State {
        /** The plain form. */
        NONE(200),
        /** No such user or not their password: the form was understood and is not right (RFC 9110, 15.5.21). Not 401,
         * which speaks of the Authorization header and makes clients throw credentials away. */
        WRONG(422),
        /** Right password, disabled account. */
        DISABLED(403),
        /** Too many attempts before this one, which was not checked. */
        LIMITED(429),
        /** Infrastructure trouble: nothing was checked. */
        UNAVAILABLE(503),
        /** The form is older than its cookie, or was not ours. */
        EXPIRED(403);

        private final int status;

        State(int status) {
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    /** What was typed, the password excepted. */
    record Typed(String username, boolean remember) {}

    LoginPage(SignInSteps steps, RegisteredClientRepository clients, Pages pages) {
        this.steps = steps;
        this.clients = clients;
        this.pages = pages;
    }

    /** The form as somebody finds it who comes for the first time. */
    void show(HttpServletRequest request, HttpServletResponse response) throws IOException {
        SignInStep step = steps.beginOrContinue(request, response);
        String hint = target(step).flatMap(url -> url.parameter("login_hint")).orElse("");
        show(State.NONE, new Typed(hint, false), null, request, response);
    }

    /**
     * @param retryAfterSeconds when to try again; only for the states that pass by themselves
     */
    void show(
            State state,
            Typed typed,
            @Nullable Integer retryAfterSeconds,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        SignInStep step = steps.beginOrContinue(request, response);
        if (retryAfterSeconds != null) {
            response.setHeader(HttpHeaders.RETRY_AFTER, retryAfterSeconds.toString());
        }
        Map<String, Object> model = new HashMap<>();
        model.put("state", state.name().toLowerCase(Locale.ROOT));
        model.put("csrf", csrf(request));
        model.put(
                "username",
                typed.username().substring(0, Math.min(typed.username().length(), MAX_SHOWN)));
        model.put("remember", typed.remember());
        model.put("retryAfter", retryAfterSeconds);
        model.put("clientName", clientName(step).orElse(null));
        pages.show(
                "login",
                state.status(),
                model,
                target(step).flatMap(AuthorizationUrl::clientOrigin).stream(),
                request,
                response);
    }

    /** The masked form of the step's secret: the filter put it there for every request of this chain. */
    private static String csrf(HttpServletRequest request) {
        if (request.getAttribute(CsrfToken.class.getName()) instanceof CsrfToken token) {
            return token.getToken();
        }
        throw new IllegalStateException("The CSRF filter has not run");
    }

    private Optional<String> clientName(SignInStep step) {
        return target(step)
                .flatMap(url -> url.parameter("client_id"))
                .map(clients::findByClientId)
                .map(RegisteredClient::getClientName);
    }

    private static Optional<AuthorizationUrl> target(SignInStep step) {
        return Optional.ofNullable(step.target());
    }
}
