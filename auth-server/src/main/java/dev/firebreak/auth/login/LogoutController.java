package dev.firebreak.auth.login;

import dev.firebreak.auth.login.step.SignInSteps;
import dev.firebreak.auth.sso.SsoCookie;
import dev.firebreak.auth.sso.SsoSignIns;
import dev.firebreak.starter.ServiceIdentity;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;

/** Ends this browser's own sign-in, everywhere. A GET only asks: a link on another site must not sign anybody out. */
@Controller
class LogoutController {
    private final SsoSignIns signIns;
    private final SsoCookie cookie;
    private final SignInSteps steps;
    private final Pages pages;
    private final String home;

    LogoutController(SsoSignIns signIns, SsoCookie cookie, SignInSteps steps, Pages pages, ServiceIdentity identity) {
        this.signIns = signIns;
        this.cookie = cookie;
        this.steps = steps;
        this.pages = pages;
        this.home = identity.publicOrigin() + "/";
    }

    @GetMapping("/logout")
    void ask(CsrfToken csrf, HttpServletRequest request, HttpServletResponse response) throws IOException {
        steps.beginOrContinue(request, response);
        Map<String, Object> model = Map.of("csrf", csrf.getToken());
        pages.show("logout", HttpStatus.OK.value(), model, Stream.empty(), request, response);
    }

    /** With the database away this is 503 and the cookie stays, so that the order can be given again. */
    @PostMapping("/logout")
    void end(HttpServletRequest request, HttpServletResponse response) {
        cookie.read(request).ifPresent(secret -> signIns.end(secret, "sign_out"));
        cookie.clear(response);
        steps.clear(request, response);
        Redirect.seeOther(home, response);
    }
}
