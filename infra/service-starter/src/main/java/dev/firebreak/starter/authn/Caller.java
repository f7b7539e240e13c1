package dev.firebreak.starter.authn;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.trust.VerifiedToken;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who sent the request, as their access token says. A handler takes it as a parameter.
 *
 * @param subject a user's UUID, or a service's client id
 * @param clientId the client that the token was issued to
 * @param sid the user's session; absent for a service
 */
public record Caller(
        String subject,
        String clientId,
        Set<String> scopes,
        @Nullable String sid) {
    static final String ATTRIBUTE = Caller.class.getName();

    public Caller {
        scopes = Set.copyOf(scopes);
    }

    static Caller of(VerifiedToken token) {
        return new Caller(token.sub(), token.clientId(), token.scopes(), token.sid());
    }

    /** The caller of a request under {@code /api/}; absent elsewhere. */
    public static Optional<Caller> of(HttpServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof Caller caller ? Optional.of(caller) : Optional.empty();
    }

    /** The user on whose data the request works; {@code auth.user_required} if the caller is a service. */
    public UUID userId() {
        if (sid == null) {
            throw userRequired();
        }
        try {
            return UUID.fromString(subject);
        } catch (IllegalArgumentException e) {
            throw userRequired();
        }
    }

    private static ServiceException userRequired() {
        return new ServiceException(AuthError.USER_REQUIRED, "This needs the token of a person, not of a service.");
    }
}
