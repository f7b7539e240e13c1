package dev.firebreak.starter.google;

import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.VaultError;
import dev.firebreak.contracts.token.TokenExchange;
import dev.firebreak.contracts.vault.VaultExchange;
import dev.firebreak.starter.client.ServiceClients;
import dev.firebreak.starter.form.FormAnswer;
import dev.firebreak.starter.form.FormCalls;
import dev.firebreak.starter.google.VaultCounters.Outcome;
import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.retry.RetryRules;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.client.ClientHttpRequestInterceptor;

/** One question to the vault on the authorization server's internal face, proved by the client's own key. Thread-safe. */
final class VaultClient {
    /** The name of this upstream in metrics and in Boot's keys. */
    static final String UPSTREAM = "vault";

    private static final Logger LOG = LoggerFactory.getLogger(VaultClient.class);

    /** Where the vault says nothing, or cannot be asked. */
    private static final Duration SOON = Duration.ofSeconds(2);
    /** What only a change of configuration mends. */
    private static final Duration NOT_SOON = Duration.ofSeconds(10);

    private final FormCalls calls;
    private final VaultCounters counters;
    private final InstantSource clock;

    VaultClient(
            ServiceClients clients, ClientAssertions assertions, URI url, VaultCounters counters, InstantSource clock) {
        this.calls = new FormCalls(
                clients.builder(UPSTREAM).requestInterceptor(proof(assertions)).build(), url, clock);
        this.counters = counters;
        this.clock = clock;
    }

    /**
     * What the vault says.
     *
     * @throws ServiceException if it said nothing: {@code service.upstream_unavailable}, {@code service.upstream_timeout},
     *     {@code request.deadline_exceeded}
     */
    GoogleAnswer ask(Question question, VaultUser user, Duration leastLife) {
        Instant asked = clock.instant();
        FormAnswer answer;
        try {
            answer = calls.post(fields(question, user, leastLife));
        } catch (ServiceException e) {
            counters.called(Outcome.UNAVAILABLE);
            throw e;
        }
        return answer.status() == 200 ? token(answer, asked, leastLife) : refusal(answer);
    }

    /** Each assertion is taken once, so that each attempt has its own. */
    private static ClientHttpRequestInterceptor proof(ClientAssertions assertions) {
        return (request, body, execution) -> {
            request.getHeaders().setBearerAuth(assertions.create());
            return execution.execute(request, body);
        };
    }

    private static Map<String, String> fields(Question question, VaultUser user, Duration leastLife) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(VaultExchange.GRANT_TYPE, TokenExchange.GRANT);
        fields.put(VaultExchange.SUBJECT_TOKEN, user.subjectToken());
        fields.put(
                VaultExchange.SUBJECT_TOKEN_TYPE,
                question.present() ? TokenExchange.ACCESS_TOKEN : VaultExchange.USER_ID);
        fields.put(VaultExchange.SERVICE, question.service().wireName());
        if (question.account() != null) {
            fields.put(VaultExchange.ACCOUNT, question.account());
        }
        fields.put(
                VaultExchange.MINIMUM_SECONDS,
                Long.toString(leastLife.plusNanos(999_999_999).toSeconds()));
        return fields;
    }

    private GoogleAnswer token(FormAnswer answer, Instant asked, Duration leastLife) {
        Optional<String> token = answer.text(VaultExchange.ACCESS_TOKEN);
        Optional<Duration> life = answer.seconds(VaultExchange.EXPIRES_IN);
        boolean bearer = answer.text(VaultExchange.TOKEN_TYPE)
                .filter("Bearer"::equalsIgnoreCase)
                .isPresent();
        if (token.isEmpty() || life.isEmpty() || !bearer) {
            return unusable("an answer that is no bearer token");
        }
        GoogleAnswer.Valid valid = new GoogleAnswer.Valid(token.get(), asked.plus(life.get()), scopes(answer));
        if (!valid.isValidFor(leastLife, clock.instant())) {
            return unusable("a token that lives " + life.get() + ", asked for " + leastLife);
        }
        counters.called(Outcome.VALID);
        return valid;
    }

    private static Set<String> scopes(FormAnswer answer) {
        return answer.text(VaultExchange.SCOPE).stream()
                .flatMap(text -> Arrays.stream(text.split(" ")))
                .filter(scope -> !scope.isEmpty())
                .collect(Collectors.toSet());
    }

    /** By its code, never by the status alone: a wrong address answers 404 too. */
    private GoogleAnswer refusal(FormAnswer answer) {
        String code = answer.word("code").orElse("");
        if (code.equals(VaultError.RECONNECT_REQUIRED.code())) {
            counters.called(Outcome.RECONNECT_REQUIRED);
            return new GoogleAnswer.ReconnectRequired(
                    answer.word(VaultExchange.REASON).orElse("unknown"));
        }
        if (code.equals(VaultError.NOT_CONNECTED.code())) {
            counters.called(Outcome.NOT_CONNECTED);
            return new GoogleAnswer.NotConnected();
        }
        if (code.equals(VaultError.NOT_ALLOWED.code())) {
            counters.called(Outcome.NOT_ALLOWED);
            return new GoogleAnswer.NotAllowed();
        }
        if (RetryRules.isBusy(answer.status()) || answer.status() >= 500) {
            counters.called(Outcome.UNAVAILABLE);
            return new GoogleAnswer.Unavailable(
                    whyUnavailable(code), answer.retryAfter().orElse(SOON));
        }
        counters.called(Outcome.REFUSED);
        LOG.atError().log("The vault refuses this service: {} {}", answer.status(), code);
        return new GoogleAnswer.Unavailable(AuthError.UNAVAILABLE, NOT_SOON);
    }

    /** Ours are told as they are; pools and limits of the vault are its own affair. */
    private static ErrorCode whyUnavailable(String code) {
        if (code.equals(VaultError.GOOGLE_UNAVAILABLE.code())) {
            return VaultError.GOOGLE_UNAVAILABLE;
        }
        return code.equals(VaultError.SATURATED.code()) ? VaultError.SATURATED : AuthError.UNAVAILABLE;
    }

    private GoogleAnswer unusable(String what) {
        counters.called(Outcome.UNUSABLE);
        LOG.atError().log("The vault gave {}", what);
        return new GoogleAnswer.Unavailable(AuthError.UNAVAILABLE, NOT_SOON);
    }

    /** An answer where there was none. */
    static GoogleAnswer.Unavailable unavailable(ServiceException failure) {
        Duration retryAfter = failure.retryAfter();
        return new GoogleAnswer.Unavailable(AuthError.UNAVAILABLE, retryAfter == null ? SOON : retryAfter);
    }

    /** The same, when the wait for somebody else's answer ended. */
    static GoogleAnswer.Unavailable unavailable() {
        return new GoogleAnswer.Unavailable(AuthError.UNAVAILABLE, SOON);
    }
}
