package dev.firebreak.auth.google;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The members of a token endpoint's answer, of the right types and nothing more (RFC 6749, 5.1 and 5.2). */
final class TokenAnswer {
    /** Google's have 2,048 at most, says its documentation. */
    private static final int MAX_TOKEN_CHARS = 8192;
    /** Nothing of Google's lives longer, and who is told more must not believe it. */
    private static final Duration MAX_LIFE = Duration.ofDays(1);

    private final Map<String, Object> members;

    private TokenAnswer(Map<String, Object> members) {
        this.members = members;
    }

    static TokenAnswer parse(String body) throws ParseException {
        Map<String, Object> members = JSONObjectUtils.parse(body);
        if (members == null) {
            throw new ParseException("null", 0);
        }
        return new TokenAnswer(members);
    }

    /** The tokens; the account is not read here. */
    Google.Tokens tokens(Set<String> asked, Google.@Nullable Account account) throws ParseException {
        String accessToken = token("access_token");
        Duration life = seconds("expires_in");
        if (accessToken == null || life == null || !life.isPositive()) {
            throw new ParseException("no access_token with expires_in", 0);
        }
        if (!"bearer".equalsIgnoreCase(text("token_type"))) {
            throw new ParseException("no Bearer token", 0);
        }
        String scope = text("scope");
        Set<String> scopes = scope == null ? asked : split(scope);
        return new Google.Tokens(
                accessToken,
                life.compareTo(MAX_LIFE) > 0 ? MAX_LIFE : life,
                token("refresh_token"),
                scopes,
                seconds("refresh_token_expires_in"),
                account);
    }

    @Nullable
    String idToken() throws ParseException {
        return token("id_token");
    }

    /** A word of the protocol, never free text. */
    String error() {
        return members.get("error") instanceof String error && error.matches("[a-z_]{1,64}") ? error : "unknown";
    }

    /** Google's own word for why, where there is one: {@code invalid_rapt} of a Workspace's session rules. */
    String subtype() {
        return members.get("error_subtype") instanceof String why && why.matches("[a-z_]{1,64}") ? why : error();
    }

    private @Nullable String text(String name) {
        return members.get(name) instanceof String text && !text.isEmpty() ? text : null;
    }

    private @Nullable String token(String name) throws ParseException {
        String token = text(name);
        if (token != null && (token.length() > MAX_TOKEN_CHARS || token.chars().anyMatch(c -> c <= ' ' || c > '~'))) {
            throw new ParseException(name + " is no token", 0);
        }
        return token;
    }

    private @Nullable Duration seconds(String name) {
        return members.get(name) instanceof Number seconds && seconds.longValue() >= 0
                ? Duration.ofSeconds(Math.min(seconds.longValue(), Integer.MAX_VALUE))
                : null;
    }

    private static Set<String> split(String scope) {
        Set<String> scopes = new LinkedHashSet<>(Arrays.asList(scope.strip().split(" +")));
        scopes.remove("");
        return scopes;
    }
}
