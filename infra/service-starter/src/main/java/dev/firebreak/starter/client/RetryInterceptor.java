package dev.firebreak.starter.client;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.http.Headers;
import dev.firebreak.starter.overload.Deadlines;
import dev.firebreak.trust.Deadline;
import dev.firebreak.trust.retry.Pause;
import dev.firebreak.trust.retry.RetryRules;
import dev.firebreak.trust.retry.RetryRules.Decision;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * One call to one upstream, made again where the rules say so. Not Spring's {@code RetryTemplate}: its back-off never sees
 * the answer, so it can neither obey {@code Retry-After} nor stop at a deadline. Thread-safe; waits on the caller's thread.
 */
final class RetryInterceptor implements ClientHttpRequestInterceptor {
    /** Outside a request nobody's deadline says how long to go on: the longest {@code Retry-After} of ours, and a call. */
    private static final Duration WITHOUT_DEADLINE = Duration.ofSeconds(15);

    private final RetryRules rules;
    private final CallMetrics metrics;
    private final InstantSource clock;
    private final Pause pause;

    RetryInterceptor(RetryRules rules, CallMetrics metrics, InstantSource clock, Pause pause) {
        this.rules = rules;
        this.metrics = metrics;
        this.clock = clock;
        this.pause = pause;
    }

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution) {
        rules.callBegins();
        Instant giveUpAt = Deadlines.current()
                .map(Deadline::at)
                .orElseGet(() -> clock.instant().plus(WITHOUT_DEADLINE));
        for (int retries = 0; ; retries++) {
            Attempt attempt = attempt(request, body, execution, retries);
            Optional<Duration> wait =
                    attempt.mayPass() ? waitAfter(attempt, retries, request, giveUpAt) : Optional.empty();
            if (wait.isEmpty()) {
                metrics.ended(attempt.outcome());
                return attempt.end();
            }
            attempt.discard();
            metrics.retried();
            await(wait.get(), attempt);
        }
    }

    private Attempt attempt(HttpRequest request, byte[] body, ClientHttpRequestExecution execution, int retries) {
        try {
            ClientHttpResponse response = execution.execute(request, body);
            return new Attempt.Answered(response, response.getStatusCode().value());
        } catch (IOException e) {
            return new Attempt.Broken(e);
        } catch (ServiceException e) {
            metrics.ended(e.error() == RequestError.DEADLINE_EXCEEDED ? Outcome.DEADLINE : Outcome.NO_TOKEN);
            // Only of the first attempt is it sure that it changed nothing.
            throw retries == 0 ? e : UpstreamAnswers.unavailable(null, e);
        }
    }

    private Optional<Duration> waitAfter(Attempt attempt, int retries, HttpRequest request, Instant giveUpAt) {
        Instant now = clock.instant();
        Decision decision = rules.onFailure(
                retries, isRepeatable(request), attempt.retryAfter(now), Duration.between(now, giveUpAt));
        return switch (decision) {
            case Decision.Retry retry -> Optional.of(retry.after());
            case Decision.GiveUp giveUp -> {
                metrics.denied(giveUp.reason());
                yield Optional.empty();
            }
        };
    }

    private static boolean isRepeatable(HttpRequest request) {
        return RetryRules.isIdempotent(request.getMethod().name())
                || request.getHeaders().containsHeader(Headers.IDEMPOTENCY_KEY)
                || Boolean.TRUE.equals(request.getAttributes().get(ServiceClients.REPEATABLE));
    }

    private void await(Duration wait, Attempt attempt) {
        try {
            pause.await(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            metrics.ended(attempt.outcome());
            throw UpstreamAnswers.unavailable(null, e);
        }
    }
}
