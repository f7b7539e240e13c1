package dev.firebreak.contracts.error;

/** Verdicts on access tokens and client assertions, and the trouble of reaching one (contracts, 'verdicts'). */
public enum AuthError implements ErrorCode {
    TOKEN_MISSING(
            "auth.token_missing",
            Kind.UNAUTHENTICATED,
            Actor.USER,
            "Sign-in required",
            "The request carries no access token and no session. Sign in, or send an Authorization header with a bearer token."),
    TOKEN_MALFORMED(
            "auth.token_malformed",
            Kind.UNAUTHENTICATED,
            Actor.USER,
            "Access token malformed",
            "What was sent is not a signed access token of this system. Get a new one from the token endpoint."),
    TOKEN_INVALID(
            "auth.token_invalid",
            Kind.UNAUTHENTICATED,
            Actor.USER,
            "Access token not valid here",
            "The token has the wrong type, algorithm, issuer, audience or signature for this service. Get a token for this API."),
    TOKEN_EXPIRED(
            "auth.token_expired",
            Kind.UNAUTHENTICATED,
            Actor.USER,
            "Access token expired",
            "The access token has passed its expiry. Use the refresh token or sign in again."),
    TOKEN_REVOKED(
            "auth.token_revoked",
            Kind.UNAUTHENTICATED,
            Actor.USER,
            "Access token revoked",
            "The token, its session, its user, its client or its signing key was revoked. Sign in again."),
    KEY_UNKNOWN(
            "auth.key_unknown",
            Kind.UNAUTHENTICATED,
            Actor.USER,
            "Signing key unknown",
            "The token names a signing key that this system does not have. Get a new token."),
    TRUST_UNAVAILABLE(
            "auth.trust_unavailable",
            Kind.UNAVAILABLE,
            Actor.RETRY,
            "Trust data not available",
            "This node has no trust data that is fresh enough to judge the token. Nothing is wrong with your session; try again shortly."),
    TOO_MANY_VERIFIERS(
            "auth.too_many_verifiers",
            Kind.CONFLICT,
            Actor.OPERATOR,
            "Too many verifiers of one client",
            "More nodes of this client read the trust feed than may. A node's name must stay the same over restarts; nodes that are gone are forgotten after 65 minutes."),
    SCOPE_MISSING(
            "auth.scope_missing",
            Kind.FORBIDDEN,
            Actor.USER,
            "Scope missing",
            "The access token is valid but lacks the scope that this operation needs. Ask for it when you request the token."),
    OPERATOR_REQUIRED(
            "auth.operator_required",
            Kind.FORBIDDEN,
            Actor.OPERATOR,
            "Operators only",
            "This operation needs the role operator. Another operator can give it to you; then sign in again."),
    USER_REQUIRED(
            "auth.user_required",
            Kind.FORBIDDEN,
            Actor.USER,
            "User token required",
            "This operation belongs to a person. The token of a service cannot be used for it."),
    VERIFIERS_DISAGREE(
            "auth.verifiers_disagree",
            Kind.UNAVAILABLE,
            Actor.RETRY,
            "Verifiers disagree",
            "Two parts of the system disagree about a token that one of them verified. Your session is kept; try again shortly."),
    STEP_UP_REQUIRED(
            "auth.step_up_required",
            Kind.UNAUTHENTICATED,
            Actor.USER,
            "Recent sign-in required",
            "This operation needs a recent or stronger sign-in (RFC 9470). Sign in again and repeat it."),
    ASSERTION_INVALID(
            "auth.assertion_invalid",
            Kind.UNAUTHENTICATED,
            Actor.OPERATOR,
            "Client assertion not valid",
            "The client assertion is malformed, expired, replayed, or not signed by a registered key of that client."),
    CLIENT_FORBIDDEN(
            "auth.client_forbidden",
            Kind.FORBIDDEN,
            Actor.OPERATOR,
            "Client may not do this",
            "The client is known, but its registration does not allow this internal call."),
    UNAVAILABLE(
            "auth.unavailable",
            Kind.UNAVAILABLE,
            Actor.RETRY,
            "Authorization server not available",
            "The authorization server cannot answer at the moment. Active sessions keep working; try again shortly.");

    private final String code;
    private final Kind kind;
    private final Actor act;
    private final String title;
    private final String help;

    AuthError(String code, Kind kind, Actor act, String title, String help) {
        this.code = code;
        this.kind = kind;
        this.act = act;
        this.title = title;
        this.help = help;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public Actor act() {
        return act;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String help() {
        return help;
    }
}
