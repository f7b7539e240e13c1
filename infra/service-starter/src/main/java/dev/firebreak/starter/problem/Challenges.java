package dev.firebreak.starter.problem;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.token.Lifetimes;
import java.util.Optional;

/** {@code WWW-Authenticate} challenges (RFC 6750, 3; RFC 9470, 3). */
final class Challenges {
    private static final String BARE = "Bearer realm=\"firebreak\"";

    private Challenges() {}

    /** The challenge that goes with an error; absent where HTTP asks for none. */
    static Optional<String> of(ErrorCode error) {
        if (error == AuthError.SCOPE_MISSING) {
            return Optional.of(BARE + ", error=\"insufficient_scope\"");
        }
        if (error.kind() != ErrorCode.Kind.UNAUTHENTICATED) {
            return Optional.empty();
        }
        if (error == AuthError.STEP_UP_REQUIRED) {
            return Optional.of(BARE + ", error=\"insufficient_user_authentication\", max_age="
                    + Lifetimes.RECENT_SIGN_IN.toSeconds());
        }
        // RFC 6750, 3.1: a request without any credential gets no error code.
        if (error == AuthError.TOKEN_MISSING) {
            return Optional.of(BARE);
        }
        return Optional.of(BARE + ", error=\"invalid_token\", error_description=\"" + error.title() + "\"");
    }
}
