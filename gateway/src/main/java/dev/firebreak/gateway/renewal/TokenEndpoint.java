package dev.firebreak.gateway.renewal;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.firebreak.contracts.token.TokenExchange;
import dev.firebreak.gateway.platform.AuthServerCalls;
import dev.firebreak.gateway.platform.GatewayProperties;
import dev.firebreak.trust.ClientAssertions;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The authorization server's token endpoint, asked as a confidential client (RFC 7523, 2.2). */
@Component
public class TokenEndpoint {
    private static final String ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    private final AuthServerCalls calls;
    private final ClientAssertions assertions;
    private final URI url;
    private final Duration timeout;

    /** What it answered. */
    public sealed interface Answer {
        /**
         * New tokens. The text form shows none of them.
         *
         * @param refreshToken absent if the old one stays
         * @param idToken only with an authorization code
         */
        record Tokens(
                String accessToken,
                @Nullable String refreshToken,
                @Nullable String idToken) implements Answer {
            @Override
            public String toString() {
                return "Tokens";
            }
        }

        /** Proof: this code or refresh token is good for nothing (RFC 6749, 5.2). */
        record InvalidGrant(String description) implements Answer {}

        /**
         * Anything else: nothing is proved against what was sent.
         *
         * @param error code of the answer, if it had one
         */
        record Failed(String reason, @Nullable String error) implements Answer {
            Failed(String reason) {
                this(reason, null);
            }

            /** Whether the user may not have what was asked for (RFC 6749, 4.1.2.1). */
            public boolean isDenied() {
                return "access_denied".equals(error);
            }
        }
    }

    TokenEndpoint(AuthServerCalls calls, ClientAssertions assertions, GatewayProperties gateway) {
        this.calls = calls;
        this.assertions = assertions;
        this.url = gateway.authUpstream().resolve("/auth/oauth2/token");
        this.timeout = gateway.renewal().fullWait();
    }

    /** New tokens for a refresh token. Never an error: a call that fails is {@link Answer.Failed}. */
    public Mono<Answer> refresh(String refreshToken) {
        return ask(Map.of("grant_type", "refresh_token", "refresh_token", refreshToken));
    }

    /** Tokens for an authorization code (RFC 6749, 4.1.3) with its verifier (RFC 7636, 4.5). Never an error. */
    public Mono<Answer> redeem(String code, String codeVerifier, String redirectUri) {
        return ask(Map.of(
                "grant_type", "authorization_code",
                "code", code,
                "code_verifier", codeVerifier,
                "redirect_uri", redirectUri));
    }

    /** A token for another audience that says the same of the user (RFC 8693). Never an error. */
    public Mono<Answer> exchange(String accessToken, String audience) {
        return ask(Map.of(
                "grant_type",
                TokenExchange.GRANT,
                "subject_token",
                accessToken,
                "subject_token_type",
                TokenExchange.ACCESS_TOKEN,
                "audience",
                audience));
    }

    private Mono<Answer> ask(Map<String, String> grant) {
        return Mono.defer(() -> {
                    Map<String, String> form = new LinkedHashMap<>(grant);
                    form.put("client_assertion_type", ASSERTION_TYPE);
                    form.put("client_assertion", assertions.create());
                    return calls.postForm(url, form);
                })
                .timeout(timeout)
                .map(TokenEndpoint::read)
                .onErrorResume(e -> Mono.just(new Answer.Failed(e.toString())));
    }

    static Answer read(AuthServerCalls.Answer answer) {
        Map<String, Object> body;
        try {
            body = JSONObjectUtils.parse(answer.text());
        } catch (ParseException e) {
            return new Answer.Failed("status " + answer.status() + " without a JSON object");
        }
        if (answer.status() == 200 && body.get("access_token") instanceof String accessToken) {
            return new Answer.Tokens(accessToken, text(body, "refresh_token"), text(body, "id_token"));
        }
        String error = String.valueOf(body.get("error"));
        boolean verdict = answer.status() == 400 && error.equals("invalid_grant");
        return verdict
                ? new Answer.InvalidGrant(String.valueOf(body.getOrDefault("error_description", "")))
                : new Answer.Failed(
                        "status " + answer.status() + ", error " + error, answer.status() == 400 ? error : null);
    }

    private static @Nullable String text(Map<String, Object> body, String member) {
        return body.get(member) instanceof String value ? value : null;
    }
}
