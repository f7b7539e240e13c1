package dev.firebreak.auth.connect;

import dev.firebreak.contracts.error.ConnectionError;
import java.util.Locale;
import java.util.regex.Pattern;

/** What Google's words for a refusal mean to the person who came back with one, and who must act. Pure. */
final class GoogleRefusal {
    private static final Pattern WORD = Pattern.compile("[a-z][a-z0-9_]{0,63}");

    private GoogleRefusal() {}

    /**
     * By RFC 6749, 4.1.2.1, and "Using OAuth 2.0 for web server applications" of Google. Some of these Google shows on a page
     * of its own today; nothing says that it always will.
     */
    static ConnectionError of(String error) {
        return switch (error) {
            case "access_denied" -> ConnectionError.DENIED;
            case "admin_policy_enforced" -> ConnectionError.ADMIN_POLICY;
            case "org_internal" -> ConnectionError.ORGANISATION_ONLY;
            case "disallowed_useragent" -> ConnectionError.BROWSER_REFUSED;
            case "invalid_scope", "insufficient_scope", "restricted_client" -> ConnectionError.SCOPE_REFUSED;
            case "redirect_uri_mismatch",
                    "invalid_client",
                    "deleted_client",
                    "disabled_client",
                    "unauthorized_client",
                    "unsupported_response_type",
                    "invalid_request" -> ConnectionError.MISCONFIGURED;
            case "invalid_grant" -> ConnectionError.CODE_REFUSED;
            case "temporarily_unavailable",
                    "server_error",
                    "rate_limit_exceeded",
                    "quota_exceeded",
                    "slow_down",
                    "internal_failure" -> ConnectionError.GOOGLE_BUSY;
            default -> ConnectionError.REFUSED;
        };
    }

    /** As it may stand in a log: a word of the protocol or nothing of it. */
    static String loggable(String error) {
        String lower = error.toLowerCase(Locale.ROOT);
        return WORD.matcher(lower).matches() ? lower : "unknown";
    }
}
