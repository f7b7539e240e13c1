package dev.firebreak.auth.login;

import dev.firebreak.auth.login.LoginPage.Typed;
import dev.firebreak.auth.login.PasswordSignIn.Attempt;
import dev.firebreak.auth.login.PasswordSignIn.Outcome;
import dev.firebreak.auth.login.step.AuthorizationUrl;
import dev.firebreak.auth.login.step.SignInStep;
import dev.firebreak.auth.login.step.SignInSteps;
import dev.firebreak.auth.ratelimit.ClientNetwork;
import dev.firebreak.auth.sso.SsoCookie;
import dev.firebreak.auth.sso.SsoSecret;
import dev.firebreak.starter.ServiceIdentity;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The sign-in form: shows it, and takes what was typed. */
@Controller
class LoginController {
    private final LoginPage page;
    private final PasswordSignIn signIn;
    private final SsoCookie cookie;
    private final SignInSteps steps;
    private final String home;

    LoginController(
            LoginPage page, PasswordSignIn signIn, SsoCookie cookie, SignInSteps steps, ServiceIdentity identity) {
        this.page = page;
        this.signIn = signIn;
        this.cookie = cookie;
        this.steps = steps;
        this.home = identity.publicOrigin() + "/";
    }

    @GetMapping("/login")
    void form(HttpServletRequest request, HttpServletResponse response) throws IOException {
        page.show(request, response);
    }

    @PostMapping("/login")
    void submit(
            @RequestParam(defaultValue = "") String username,
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "") String remember,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Typed typed = new Typed(username, remember.equals("true"));
        Attempt attempt = new Attempt(
                username,
                password,
                typed.remember(),
                ClientNetwork.of(request),
                DeviceLabel.of(request.getHeader(HttpHeaders.USER_AGENT)),
                cookie.read(request).orElse(null));
        switch (signIn.attempt(attempt)) {
            case Outcome.Refused(LoginPage.State state, Integer retryAfter) ->
                page.show(state, typed, retryAfter, request, response);
            case Outcome.SignedIn(SsoSecret secret) -> {
                String target = steps.current(request)
                        .map(SignInStep::target)
                        .map(AuthorizationUrl::relative)
                        .orElse(home);
                cookie.write(response, secret, typed.remember());
                steps.clear(request, response);
                // 303: the browser goes on with a GET (RFC 9110, 15.4.4).
                Redirect.seeOther(target, response);
            }
        }
    }
}
