package dev.firebreak.starter.google;

import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.VaultError;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** A Google token, or why there is none and who can change that. */
public sealed interface GoogleAnswer {
    /**
     * A token that is good for as long as was asked for, at least. Shows no secret in its text form.
     *
     * @param token what goes behind {@code Bearer}, to Google only
     * @param expiresAt its end by this process's clock
     * @param scopes what Google granted, which may be less than a feature needs
     */
    record Valid(String token, Instant expiresAt, Set<String> scopes) implements GoogleAnswer {
        public Valid {
            scopes = Set.copyOf(scopes);
        }

        boolean isValidFor(Duration leastLife, Instant now) {
            return now.plus(leastLife).isBefore(expiresAt);
        }

        @Override
        public String toString() {
            return "Valid[expiresAt=%s, scopes=%s]".formatted(expiresAt, scopes);
        }
    }

    /**
     * The user must connect again; until then asking again is of no use.
     *
     * @param reason one word of the vault's, or {@code unknown}
     */
    record ReconnectRequired(String reason) implements GoogleAnswer {}

    /** The user has not connected this service. */
    record NotConnected() implements GoogleAnswer {}

    /** The user has not switched it on, or this client may not. */
    record NotAllowed() implements GoogleAnswer {}

    /**
     * Nobody can tell now. Says nothing about the connection.
     *
     * @param error what to tell our own caller
     * @param retryAfter when to ask again
     */
    record Unavailable(ErrorCode error, Duration retryAfter) implements GoogleAnswer {}

    /**
     * The token, for a handler whose caller is the user and can read why there is none.
     *
     * @throws ServiceException with a code of {@link VaultError}, or that the authorization server is not available
     */
    default Valid orThrow() {
        return switch (this) {
            case Valid valid -> valid;
            case ReconnectRequired _ -> throw refused(VaultError.RECONNECT_REQUIRED);
            case NotConnected _ -> throw refused(VaultError.NOT_CONNECTED);
            case NotAllowed _ -> throw refused(VaultError.NOT_ALLOWED);
            case Unavailable unavailable ->
                throw new ServiceException(unavailable.error, unavailable.error.help(), unavailable.retryAfter);
        };
    }

    private static ServiceException refused(VaultError error) {
        return new ServiceException(error, error.help());
    }
}
