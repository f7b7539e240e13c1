package dev.firebreak.auth.login;

import dev.firebreak.auth.login.step.SignInStep;
import dev.firebreak.auth.login.step.SignInSteps;
import dev.firebreak.auth.reset.PasswordResets;
import dev.firebreak.auth.reset.ResetToken;
import dev.firebreak.auth.user.NewPassword;
import dev.firebreak.auth.user.UserAccount;
import dev.firebreak.starter.ServiceIdentity;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * Where a link to choose a password leads. Trouble of infrastructure is the error page with a time to come back: the link
 * stays good.
 */
@Controller
class ResetController {
    private final PasswordResets resets;
    private final ResetPage page;
    private final SignInSteps steps;
    private final String self;

    ResetController(PasswordResets resets, ResetPage page, SignInSteps steps, ServiceIdentity identity) {
        this.resets = resets;
        this.page = page;
        this.steps = steps;
        this.self = identity.issuer() + "/reset";
    }

    /** Takes the token out of the address first: an address stays in the history and goes along as a referrer. */
    @GetMapping(path = "/reset", params = "token")
    void open(@RequestParam String token, HttpServletRequest request, HttpServletResponse response) {
        steps.beginReset(ResetToken.parse(token).map(ResetToken::text).orElse(null), request, response);
        response.setHeader("Referrer-Policy", "no-referrer");
        Redirect.seeOther(self, response);
    }

    @GetMapping(path = "/reset", params = "!token")
    void form(CsrfToken csrf, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<UserAccount> user = token(request).flatMap(resets::find);
        if (user.isPresent()) {
            page.form(ResetPage.State.NONE, user.get(), csrf, request, response);
        } else {
            page.end(ResetPage.State.GONE, request, response);
        }
    }

    @PostMapping("/reset")
    void submit(
            @RequestParam(defaultValue = "") String password,
            @RequestParam(defaultValue = "") String again,
            CsrfToken csrf,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Optional<ResetToken> token = token(request);
        Optional<UserAccount> user = token.flatMap(resets::find);
        if (token.isEmpty() || user.isEmpty()) {
            page.end(ResetPage.State.GONE, request, response);
        } else if (!NewPassword.isFit(password)) {
            page.form(ResetPage.State.UNFIT, user.get(), csrf, request, response);
        } else if (!password.equals(again)) {
            page.form(ResetPage.State.DIFFERENT, user.get(), csrf, request, response);
        } else {
            boolean set = resets.set(token.get(), new NewPassword(password));
            page.end(set ? ResetPage.State.DONE : ResetPage.State.GONE, request, response);
        }
    }

    private Optional<ResetToken> token(HttpServletRequest request) {
        return steps.current(request).map(SignInStep::reset).flatMap(ResetToken::parse);
    }
}
