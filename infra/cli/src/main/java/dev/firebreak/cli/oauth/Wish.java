package dev.firebreak.cli.oauth;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a sign-in shall bring.
 *
 * @param scope space-separated
 * @param resource where the token shall be good (RFC 8707); null leaves it to the scopes
 * @param stepUp asks for the credentials also of a browser that is signed in (OpenID Connect Core, 3.1.2.1)
 */
public record Wish(String scope, @Nullable URI resource, boolean stepUp) {
    /** These scopes and nothing special. */
    public static Wish of(String scope) {
        return new Wish(scope, null, false);
    }

    /** Its part of an authorization request. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("scope", scope);
        if (resource != null) {
            parameters.put("resource", resource.toString());
        }
        if (stepUp) {
            parameters.put("prompt", "login");
        }
        return parameters;
    }
}
