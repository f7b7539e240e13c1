package dev.firebreak.gateway.login;

import dev.firebreak.contracts.http.Paths;
import dev.firebreak.gateway.platform.AuthServerCalls;
import dev.firebreak.gateway.platform.GatewayProperties;
import dev.firebreak.trust.ClientAssertions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Ends a session at the authorization server: its SSO session and all families under it. Idempotent. */
@Component
class SessionEnder {
    /** A user who signs out waits no longer; the queue goes on trying. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final AuthServerCalls calls;
    private final ClientAssertions assertions;
    private final URI base;

    SessionEnder(AuthServerCalls calls, ClientAssertions assertions, GatewayProperties gateway) {
        this.calls = calls;
        this.assertions = assertions;
        this.base = gateway.internalUpstream();
    }

    /** Empty once it has ended, an error while that is not known. */
    Mono<Void> end(String sid) {
        return Mono.defer(() -> calls.post(url(sid), assertions.create()))
                .timeout(PATIENCE)
                .flatMap(answer -> answer.status() == 200
                        ? Mono.empty()
                        : Mono.error(new IllegalStateException("status " + answer.status())));
    }

    private URI url(String sid) {
        return base.resolve(Paths.SESSIONS + "/" + URLEncoder.encode(sid, StandardCharsets.UTF_8) + "/end");
    }
}
