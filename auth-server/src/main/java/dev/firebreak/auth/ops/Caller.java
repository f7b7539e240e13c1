package dev.firebreak.auth.ops;

import dev.firebreak.auth.audit.Actor;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import org.springframework.security.core.Authentication;

/**
 * Who gives an order: a person by the gateway, or a client on the internal face. A handler takes it as an argument; limits
 * and journals use it too. Known from the request alone, without the database.
 *
 * @param kind what the id means
 * @param id a person's user id, or a client's id: what a journal keeps
 * @param name to be read by people, and different for each node of a client; a person's is the user id, because tokens
 *     hold no other
 */
public record Caller(Kind kind, String id, String name) {
    /** Persons need a recent sign-in for orders; clients prove their key with each call. */
    public enum Kind {
        PERSON,
        CLIENT
    }

    /** The same for the journal. */
    public Actor actor() {
        return switch (kind) {
            case PERSON -> Actor.person(name);
            case CLIENT -> Actor.client(name);
        };
    }

    /**
     * The caller of a request under {@code ops/}, on either face.
     *
     * @throws IllegalStateException if nobody was authenticated: a handler outside of these paths asked
     */
    public static Caller of(HttpServletRequest request) {
        Principal principal = request.getUserPrincipal();
        if (principal instanceof OperatorAuthentication operator) {
            return operator.caller();
        }
        if (principal instanceof Authentication client && client.getPrincipal() instanceof String id) {
            return new Caller(Kind.CLIENT, id, client.getName());
        }
        throw new IllegalStateException("Nobody was authenticated for " + request.getRequestURI());
    }
}
