package dev.firebreak.cli.oauth;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One authorization request with PKCE (RFC 6749, 4.1.1; RFC 8252).
 *
 * @param redirect where the answer goes; any port of 127.0.0.1 is registered
 */
record AuthorizationRequest(URI issuer, String clientId, Wish wish, String redirect, String state, Pkce pkce) {
    static AuthorizationRequest create(URI issuer, String clientId, Wish wish, String redirect) {
        return new AuthorizationRequest(issuer, clientId, wish, redirect, Pkce.random(), Pkce.create());
    }

    /** @param loginHint fills the sign-in form; "" for none */
    URI uri(String loginHint) {
        Map<String, String> query = new LinkedHashMap<>();
        query.put("response_type", "code");
        query.put("client_id", clientId);
        query.put("redirect_uri", redirect);
        query.putAll(wish.parameters());
        query.put("state", state);
        query.put("nonce", Pkce.random());
        query.put("code_challenge", pkce.challenge());
        query.put("code_challenge_method", "S256");
        if (!loginHint.isEmpty()) {
            query.put("login_hint", loginHint);
        }
        return URI.create(issuer + "/oauth2/authorize?" + Form.encode(query));
    }

    /** The code in an answer to this request, or a failure. */
    String code(Map<String, String> answer) {
        if (!state.equals(answer.get("state"))) {
            throw new OAuthException("the answer belongs to another sign-in (state differs)", "run the command again");
        }
        String code = answer.get("code");
        if (code == null) {
            throw new OAuthException(
                    "the sign-in was refused: " + answer.getOrDefault("error", "no code") + " "
                            + answer.getOrDefault("error_description", ""),
                    "access_denied".equals(answer.get("error"))
                            ? "with --step-up you can sign in as somebody else"
                            : "run the command again");
        }
        return code;
    }
}
