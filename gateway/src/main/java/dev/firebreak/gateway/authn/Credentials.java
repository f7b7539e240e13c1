package dev.firebreak.gateway.authn;

import dev.firebreak.gateway.ops.OpsTokens;
import dev.firebreak.gateway.ops.OpsVerifier;
import dev.firebreak.gateway.route.Area;
import dev.firebreak.trust.TokenVerifier;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Which token an area takes: the operators' endpoints one of their own, everything else the session's. */
@Component
class Credentials {
    private final TokenVerifier api;
    private final TokenVerifier ops;
    private final OpsTokens exchanged;

    Credentials(TokenVerifier api, OpsVerifier ops, OpsTokens exchanged) {
        this.api = api;
        this.ops = ops.verifier();
        this.exchanged = exchanged;
    }

    /** Who judges the tokens that clients send to this area. */
    TokenVerifier verifierOf(Area area) {
        return area == Area.OPS ? ops : api;
    }

    /** The session's caller in this area; an error says why there is none. */
    Mono<Caller> callerOf(Standing.Usable usable, Area area) {
        if (area == Area.OPS) {
            return exchanged
                    .of(usable.session(), usable.token())
                    .map(token -> new Caller(token.value(), token.token(), usable.session()));
        }
        return Mono.just(new Caller(usable.session().accessToken(), usable.token(), usable.session()));
    }
}
