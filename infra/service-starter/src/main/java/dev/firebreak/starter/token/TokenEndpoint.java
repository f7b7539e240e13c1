package dev.firebreak.starter.token;

import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.client.ServiceClients;
import dev.firebreak.starter.form.FormAnswer;
import dev.firebreak.starter.form.FormCalls;
import dev.firebreak.starter.token.Fetched.Outcome;
import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.retry.RetryRules;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.http.client.ClientHttpRequestInterceptor;

/** The authorization server's token endpoint, asked with client credentials (RFC 6749, 4.4). Thread-safe. */
final class TokenEndpoint {
    /** The name of this upstream in metrics and in Boot's keys. */
    static final String UPSTREAM = "token-endpoint";

    private final FormCalls calls;
    private final InstantSource clock;

    TokenEndpoint(ServiceClients clients, ClientAssertions assertions, URI url, InstantSource clock) {
        this.calls = new FormCalls(
                clients.builder(UPSTREAM).requestInterceptor(proof(assertions)).build(), url, clock);
        this.clock = clock;
    }

    /** A new token, or why there is none. No exception. */
    Fetched fetch(TokenTarget target) {
        Instant asked = clock.instant();
        try {
            return judge(calls.post(fields(target)), asked);
        } catch (ServiceException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return new Fetched.Failed(
                    Outcome.UNAVAILABLE,
                    Optional.ofNullable(e.retryAfter()),
                    e.error().code(),
                    cause);
        }
    }

    private static Map<String, String> fields(TokenTarget target) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("grant_type", "client_credentials");
        fields.put("resource", target.audience());
        if (!target.scopes().isEmpty()) {
            fields.put("scope", target.scope());
        }
        fields.put("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        return fields;
    }

    /** Each assertion is taken once, so that each attempt has its own; none of its characters needs encoding. */
    private static ClientHttpRequestInterceptor proof(ClientAssertions assertions) {
        return (request, body, execution) -> {
            byte[] proof = ("&client_assertion=" + assertions.create()).getBytes(StandardCharsets.US_ASCII);
            byte[] whole = Arrays.copyOf(body, body.length + proof.length);
            System.arraycopy(proof, 0, whole, body.length, proof.length);
            return execution.execute(request, whole);
        };
    }

    private static Fetched judge(FormAnswer answer, Instant asked) {
        if (answer.status() != 200) {
            return failed(answer);
        }
        Optional<String> value = answer.text("access_token");
        Optional<Duration> life = answer.seconds("expires_in");
        boolean bearer =
                answer.text("token_type").filter("Bearer"::equalsIgnoreCase).isPresent();
        if (value.isEmpty() || life.isEmpty() || !bearer) {
            return new Fetched.Failed(Outcome.UNUSABLE, Optional.empty(), "an answer that is no bearer token", null);
        }
        return new Fetched.Got(new ServiceToken(value.get(), asked, asked.plus(life.get()), scopes(answer)));
    }

    private static Set<String> scopes(FormAnswer answer) {
        return answer.text("scope").stream()
                .flatMap(text -> Arrays.stream(text.split(" ")))
                .filter(scope -> !scope.isEmpty())
                .collect(Collectors.toSet());
    }

    private static Fetched failed(FormAnswer answer) {
        Outcome outcome;
        if (RetryRules.isBusy(answer.status()) || answer.status() >= 500) {
            outcome = Outcome.UNAVAILABLE;
        } else {
            outcome = answer.status() >= 400 ? Outcome.REFUSED : Outcome.UNUSABLE;
        }
        String why =
                answer.status() + answer.word("error").map(word -> " " + word).orElse("");
        return new Fetched.Failed(outcome, answer.retryAfter(), why, null);
    }
}
