package dev.firebreak.contracts.token;

/** Words of RFC 8693, by which the gateway gets a token for the operators' endpoints (ADR 18). */
public final class TokenExchange {
    /** The {@code grant_type}, and the grant's name in a client's file. */
    public static final String GRANT = "urn:ietf:params:oauth:grant-type:token-exchange";

    /** The only kind of token that is taken and given (RFC 8693, 3). */
    public static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    private TokenExchange() {}
}
