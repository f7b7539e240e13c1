package dev.firebreak.gateway.login;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.util.MultiValueMap;

/**
 * The demands for a fresh proof that {@code /login} passes on (OpenID Connect Core, 3.1.2.1): {@code prompt=login}, or
 * {@code max_age} in seconds. Anything else is refused instead of dropped: whoever asks for more proof and misspells it must
 * not get less. Pure.
 */
final class StepUp {
    private static final String PROMPT = "prompt";
    private static final String MAX_AGE = "max_age";
    private static final String LOGIN = "login";
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private StepUp() {}

    /** The parameters of the authorization request that the query of {@code /login} asks for. */
    static Map<String, String> of(MultiValueMap<String, String> query) {
        Map<String, String> demands = new LinkedHashMap<>();
        List<String> prompts = query.getOrDefault(PROMPT, List.of());
        if (!prompts.isEmpty()) {
            require(List.of(LOGIN).equals(prompts), PROMPT, "must be login, once");
            demands.put(PROMPT, LOGIN);
        }
        List<String> ages = query.getOrDefault(MAX_AGE, List.of());
        if (!ages.isEmpty()) {
            require(
                    ages.size() == 1
                            && SECONDS.matcher(String.valueOf(ages.getFirst())).matches(),
                    MAX_AGE,
                    "must be a number of seconds, once");
            demands.put(MAX_AGE, ages.getFirst());
        }
        return demands;
    }

    private static void require(boolean holds, String parameter, String rule) {
        if (!holds) {
            throw new ServiceException(
                    RequestError.INVALID,
                    "The sign-in that was asked for is not valid.",
                    List.of(new Violation(parameter, rule)));
        }
    }
}
