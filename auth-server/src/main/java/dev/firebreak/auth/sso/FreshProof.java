package dev.firebreak.auth.sso;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Authorization requests that do not accept a sign-in as it stands ({@code prompt}, {@code max_age}; OpenID Connect Core,
 * 3.1.2.1). To them the browser counts as not signed in, which leads to the login form, or to {@code login_required}
 * under {@code prompt=none}. The form's answer goes back to the same request without these two parameters: they are
 * fulfilled then, and would ask for ever.
 */
public final class FreshProof {
    /** Parameters that the proof fulfils. */
    public static final String MAX_AGE = "max_age";

    public static final String PROMPT = "prompt";

    private static final Set<String> PROMPTS = Set.of("login", "select_account");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private FreshProof() {}

    static boolean isDemanded(HttpServletRequest request, SsoSession session, Instant now) {
        if (!request.getRequestURI().equals(request.getContextPath() + "/oauth2/authorize")) {
            return false;
        }
        return isPrompted(request.getParameter(PROMPT)) || isTooOld(request.getParameter(MAX_AGE), session, now);
    }

    private static boolean isPrompted(@Nullable String prompt) {
        return prompt != null && Arrays.stream(prompt.split(" ")).anyMatch(PROMPTS::contains);
    }

    /** Whether this is a {@code max_age}: seconds, up to thirty years. */
    public static boolean isMaxAge(String text) {
        return SECONDS.matcher(text).matches();
    }

    /** Rubbish demands nothing here; refusing it is the endpoint's business. */
    private static boolean isTooOld(@Nullable String maxAge, SsoSession session, Instant now) {
        return maxAge != null
                && isMaxAge(maxAge)
                && session.authTime()
                        .plus(Duration.ofSeconds(Long.parseLong(maxAge)))
                        .isBefore(now);
    }

    /** What is left of a {@code prompt} once the user has proved who they are. */
    public static Optional<String> remainingPrompt(String prompt) {
        String rest = Arrays.stream(prompt.split(" "))
                .filter(value -> !PROMPTS.contains(value))
                .collect(Collectors.joining(" "));
        return rest.isBlank() ? Optional.empty() : Optional.of(rest);
    }
}
