package dev.firebreak.contracts.http;

/** Paths between our processes (contracts, "Local ports and URLs"). */
public final class Paths {
    /** The authorization server's internal face. */
    public static final String INTERNAL = "/auth/internal/v1";

    /** Trust feed. */
    public static final String TRUST = INTERNAL + "/trust";

    /** Events feed. */
    public static final String EVENTS = INTERNAL + "/events";

    /** {@code POST SESSIONS/{sid}/end}: end a session and its families. Idempotent. */
    public static final String SESSIONS = INTERNAL + "/sessions";

    /** {@code POST}: a user's Google token, by the words of {@code contracts.vault}. */
    public static final String VAULT_TOKEN = INTERNAL + "/vault/token";

    /** Operators' endpoints for automation. */
    public static final String OPS = INTERNAL + "/ops";

    /** The same endpoints for people, as clients of the gateway see them. */
    public static final String PUBLIC_OPS = "/api/v1/ops";

    /** Liveness, on each service's main port. */
    public static final String LIVEZ = "/livez";

    /** Readiness, on each service's main port. */
    public static final String READYZ = "/readyz";

    /** Media type of problem documents (RFC 9457). */
    public static final String PROBLEM_JSON = "application/problem+json";

    private Paths() {}
}
