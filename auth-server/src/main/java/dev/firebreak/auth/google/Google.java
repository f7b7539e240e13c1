package dev.firebreak.auth.google;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What we ask of Google. Every call is bounded in time and must be made outside of any transaction; outcomes are values,
 * because each means something else for the grant. Thread-safe.
 */
public interface Google {
    /**
     * Where to send a browser for consent (authorization code with PKCE S256, {@code access_type=offline},
     * {@code include_granted_scopes=true}).
     *
     * @param state opaque, unguessable
     * @param scopes only those that the feature needs
     * @param loginHint the Google account meant, if one is
     * @param consent whether to ask again though consent was given, which is how Google gives a new refresh token
     * @param chooseAccount whether Google lets the user choose the account though only one is signed in there
     */
    record Authorization(
            String state,
            String codeChallenge,
            Set<String> scopes,
            @Nullable String loginHint,
            boolean consent,
            boolean chooseAccount,
            URI redirectUri) {}

    URI authorizationUri(Authorization request);

    /**
     * Tokens as Google answered.
     *
     * @param refreshToken absent where Google gave none: the one before stays good
     * @param scopes as granted, which may be fewer than asked for
     * @param refreshTokenLife for projects in testing and time-limited access; absent = no limit told
     * @param account whose; absent in the answer to a refresh
     */
    record Tokens(
            String accessToken,
            Duration life,
            @Nullable String refreshToken,
            Set<String> scopes,
            @Nullable Duration refreshTokenLife,
            @Nullable Account account) {
        @Override
        public String toString() {
            return "Tokens[life=" + life + ", scopes=" + scopes + "]";
        }
    }

    /** A Google account, from the ID token that came with the tokens. */
    record Account(String sub, String email) {}

    /** What came of a call. */
    sealed interface Outcome {
        record Granted(Tokens tokens) implements Outcome {}

        /** {@code invalid_grant}: this code or refresh token is worth nothing, or was the wrong one to send. */
        record Worthless(String description) implements Outcome {}

        /** 5xx, 429, time-out, no connection, open breaker: says nothing about the grant. */
        record Away(String reason, Duration retryAfter) implements Outcome {}

        /** Our own fault or configuration: invalid_client, redirect_uri_mismatch, a malformed answer. */
        record Misconfigured(String error) implements Outcome {}
    }

    /** Exchanges a code; several client secrets are tried in order. */
    Outcome exchange(String code, String codeVerifier, URI redirectUri);

    /** A new access token, for these scopes alone. */
    Outcome refresh(String refreshToken, Set<String> scopes);

    /** Ends the grant at Google, with all its scopes; true if it is gone there, now or before. */
    boolean revoke(String token);
}
