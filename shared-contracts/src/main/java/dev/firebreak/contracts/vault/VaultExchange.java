package dev.firebreak.contracts.vault;

/**
 * Names in the exchange of a user for that user's Google token: a form, and JSON in return. Refusals are problem documents
 * with a code of {@code VaultError}.
 */
public final class VaultExchange {
    /** Always RFC 8693's own grant. */
    public static final String GRANT_TYPE = "grant_type";

    /** A user's access token with {@code google:token}, or a user's id: see the type. */
    public static final String SUBJECT_TOKEN = "subject_token";

    /** RFC 8693's type of access tokens for a user who is present, else {@link #USER_ID}. */
    public static final String SUBJECT_TOKEN_TYPE = "subject_token_type";

    /**
     * The subject is a user's UUID and nobody proves that they are present: for clients whose policy says so, and users
     * who switched the integration on.
     */
    public static final String USER_ID = "urn:firebreak:params:user-id";

    /** A {@link GoogleService}, by its wire name. */
    public static final String SERVICE = "service";

    /** Google's {@code sub}; optional, for a user with several accounts. */
    public static final String ACCOUNT = "account";

    /** Whole seconds for which the token must still be good; optional. */
    public static final String MINIMUM_SECONDS = "minimum_seconds";

    /** In the answer: Google's access token. */
    public static final String ACCESS_TOKEN = "access_token";

    /** In the answer: RFC 8693's type of access tokens. */
    public static final String ISSUED_TOKEN_TYPE = "issued_token_type";

    /** In the answer: {@code Bearer}. */
    public static final String TOKEN_TYPE = "token_type";

    /** In the answer: whole seconds from now. */
    public static final String EXPIRES_IN = "expires_in";

    /** In the answer: what Google granted, separated by spaces. */
    public static final String SCOPE = "scope";

    /** In the problem {@code vault.reconnect_required}: why, one word such as {@code revoked}. */
    public static final String REASON = "reason";

    private VaultExchange() {}
}
