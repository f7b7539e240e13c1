package dev.firebreak.auth.login;

import dev.firebreak.auth.login.step.SignInSteps;
import dev.firebreak.auth.user.NewPassword;
import dev.firebreak.auth.user.UserAccount;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.stereotype.Component;

/** The page on which somebody with a link chooses a password, in one of its states. */
@Component
class ResetPage {
    private final SignInSteps steps;
    private final Pages pages;

    /** What the page says, and the status that says the same to programs. */
    enum State {
        /** The plain form. */
        NONE(200),
        /** The password breaks the rule; the link is still good. */
        UNFIT(422),
        /** The two fields differ; the link is still good. */
        DIFFERENT(422),
        /** The link was used, has expired, or is none; which of them is not told. */
        GONE(410),
        /** The password is set. */
        DONE(200);

        private final int status;

        State(int status) {
            this.status = status;
        }
    }

    ResetPage(SignInSteps steps, Pages pages) {
        this.steps = steps;
        this.pages = pages;
    }

    /** The form, in a state in which it may be filled in. */
    void form(State state, UserAccount user, CsrfToken csrf, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        steps.beginOrContinue(request, response);
        show(state, user.email(), csrf.getToken(), request, response);
    }

    /** What there is to say once there is nothing to fill in. A sign-in under way in another tab goes on. */
    void end(State state, HttpServletRequest request, HttpServletResponse response) throws IOException {
        steps.beginReset(null, request, response);
        show(state, null, null, request, response);
    }

    private void show(
            State state,
            @Nullable String email,
            @Nullable String csrf,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        Map<String, Object> model = new HashMap<>();
        model.put("state", state.name().toLowerCase(Locale.ROOT));
        model.put("email", email);
        model.put("csrf", csrf);
        model.put("rule", NewPassword.RULE);
        pages.show("reset", state.status, model, Stream.empty(), request, response);
    }
}
