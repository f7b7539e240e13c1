package dev.firebreak.contracts.token;

/** Claim names of access tokens (RFC 9068) and client assertions (RFC 7523). */
public final class Claims {
    /** Value of the {@code typ} header of an access token (RFC 9068, 2.1). */
    public static final String ACCESS_TOKEN_TYPE = "at+jwt";

    /** Space-separated scopes (RFC 8693, 4.2). */
    public static final String SCOPE = "scope";

    /** Client that the token was issued to (RFC 8693, 4.3). */
    public static final String CLIENT_ID = "client_id";

    /** Public id of the SSO session (OpenID Connect front-channel logout, 3); never its secret. */
    public static final String SID = "sid";

    /** When the user proved who they are, seconds since the epoch (OpenID Connect Core, 2). */
    public static final String AUTH_TIME = "auth_time";

    /** Authentication methods (RFC 8176). */
    public static final String AMR = "amr";

    /** Authentication context class (OpenID Connect Core, 2). */
    public static final String ACR = "acr";

    /** Roles of the user (RFC 9068, 2.2.3.1), an array of strings. */
    public static final String ROLES = "roles";

    /** Confirmation (RFC 7800). */
    public static final String CNF = "cnf";

    /** Acting party (RFC 8693, 4.1). */
    public static final String ACT = "act";

    /** Stable name of the node that makes a direct client assertion, for instance {@code gateway-1}. */
    public static final String INSTANCE = "instance";

    /** Value of {@code acr} for a password alone. */
    public static final String ACR_PASSWORD = "urn:firebreak:acr:1";

    /** Value of {@code acr} for a second factor or a passkey. */
    public static final String ACR_STRONG = "urn:firebreak:acr:2";

    private Claims() {}
}
