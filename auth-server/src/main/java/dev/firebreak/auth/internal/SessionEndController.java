package dev.firebreak.auth.internal;

import dev.firebreak.auth.sso.SsoSessions;
import java.util.UUID;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Sign-out by order of the gateway. Idempotent, so that it can be repeated until it is answered. */
@RestController
class SessionEndController {
    private final SsoSessions sessions;

    SessionEndController(SsoSessions sessions) {
        this.sessions = sessions;
    }

    /** False if the session had ended before or never was. */
    record Ended(boolean ended) {}

    @PostMapping("/internal/v1/sessions/{sid}/end")
    Ended end(@PathVariable UUID sid) {
        return new Ended(sessions.end(sid, "sign_out"));
    }
}
