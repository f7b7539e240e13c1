package dev.firebreak.auth.oauth;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;

/** A refusal in OAuth's words (RFC 6749, 5.2), with what our log should say and when to try again. */
final class OAuthFailure extends OAuth2AuthenticationException {
    private static final long serialVersionUID = 1L;

    /** RFC 8628, 3.5, whose word contracts.md takes for every "too often". */
    static final String SLOW_DOWN = "slow_down";

    /** RFC 8693, 2.2.2. */
    static final String INVALID_TARGET = "invalid_target";

    private final transient @Nullable Duration retryAfter;

    private OAuthFailure(String code, String description, @Nullable Duration retryAfter, @Nullable String logged) {
        super(new OAuth2Error(code, description, null), logged == null ? description : logged);
        this.retryAfter = retryAfter;
    }

    /** A refusal whose reason the client may read. */
    static OAuthFailure of(String code, String description) {
        return new OAuthFailure(code, description, null, null);
    }

    /** A refusal whose reason is for the log only. */
    static OAuthFailure of(String code, String description, String logged) {
        return new OAuthFailure(code, description, null, logged);
    }

    /** Too many requests. */
    static OAuthFailure slowDown(Duration retryAfter) {
        return new OAuthFailure(SLOW_DOWN, "Too many requests", retryAfter, null);
    }

    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }
}
