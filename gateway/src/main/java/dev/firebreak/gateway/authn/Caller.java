package dev.firebreak.gateway.authn;

import dev.firebreak.gateway.session.Session;
import dev.firebreak.trust.VerifiedToken;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/**
 * Who an API call speaks for, once that is known.
 *
 * @param accessToken what the service will see; never in the text form
 * @param session where the token came from; absent if the client sent it itself
 */
record Caller(
        String accessToken, VerifiedToken token, @Nullable Session session) {
    private static final String ATTRIBUTE = Caller.class.getName();

    static Caller of(ServerWebExchange exchange) {
        return exchange.getRequiredAttribute(ATTRIBUTE);
    }

    void attachTo(ServerWebExchange exchange) {
        exchange.getAttributes().put(ATTRIBUTE, this);
    }

    @Override
    public String toString() {
        return "Caller[sub=" + token.sub() + "]";
    }
}
