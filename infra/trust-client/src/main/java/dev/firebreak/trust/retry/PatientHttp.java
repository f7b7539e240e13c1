package dev.firebreak.trust.retry;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's client for programs that a person runs: where the server is busy it waits as it is told and asks again, for a
 * bounded time. Takes requests by a supplier, because a retry needs a fresh client assertion: each counts once. Thread-safe.
 */
public final class PatientHttp {
    /** As long as a person looks at a line that says "busy" before they start to wonder. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final HttpClient http;
    private final RetryRules rules;
    private final InstantSource clock;
    private final Consumer<Duration> notice;
    private final Pause pause;

    PatientHttp(HttpClient http, RetryRules rules, InstantSource clock, Consumer<Duration> notice, Pause pause) {
        this.http = http;
        this.rules = rules;
        this.clock = clock;
        this.notice = notice;
        this.pause = pause;
    }

    /**
     * With a budget of its own. No retry begins later than 15 s after its first request.
     *
     * @param notice hears of each wait that a busy server asked for, before it begins
     */
    public static PatientHttp over(HttpClient http, InstantSource clock, Consumer<Duration> notice) {
        RetryRules rules = new RetryRules(
                new RetryBudget(), () -> ThreadLocalRandom.current().nextLong());
        return new PatientHttp(http, rules, clock, notice, Pause.SLEEP);
    }

    /** Sends; again if need be and if the request's method is idempotent. The last answer or failure is the result. */
    public <T> HttpResponse<T> send(Supplier<HttpRequest> request, BodyHandler<T> body)
            throws IOException, InterruptedException {
        return send(request, body, false);
    }

    /** The same for a request of which the caller knows that twice does the same as once, whatever its method. */
    public <T> HttpResponse<T> sendRepeatable(Supplier<HttpRequest> request, BodyHandler<T> body)
            throws IOException, InterruptedException {
        return send(request, body, true);
    }

    private <T> HttpResponse<T> send(Supplier<HttpRequest> requests, BodyHandler<T> body, boolean repeatable)
            throws IOException, InterruptedException {
        rules.callBegins();
        Instant giveUpAt = clock.instant().plus(PATIENCE);
        for (int retries = 0; ; retries++) {
            HttpRequest request = requests.get();
            boolean mayRepeat = repeatable || RetryRules.isIdempotent(request.method());
            Duration wait;
            try {
                HttpResponse<T> answer = http.send(request, body);
                wait = RetryRules.isBusy(answer.statusCode())
                        ? waitAfter(retries, mayRepeat, asked(answer), giveUpAt)
                        : null;
                if (wait == null) {
                    return answer;
                }
                notice.accept(wait);
            } catch (IOException e) {
                wait = RetryRules.isConnectionFailure(e)
                        ? waitAfter(retries, mayRepeat, Optional.empty(), giveUpAt)
                        : null;
                if (wait == null) {
                    throw e;
                }
            }
            pause.await(wait);
        }
    }

    private @Nullable Duration waitAfter(int retries, boolean mayRepeat, Optional<Duration> asked, Instant giveUpAt) {
        Duration left = Duration.between(clock.instant(), giveUpAt);
        return switch (rules.onFailure(retries, mayRepeat, asked, left)) {
            case RetryRules.Decision.Retry retry -> retry.after();
            case RetryRules.Decision.GiveUp _ -> null;
        };
    }

    private Optional<Duration> asked(HttpResponse<?> answer) {
        String header = answer.headers().firstValue("Retry-After").orElse(null);
        return RetryAfterHeader.parse(header, clock.instant());
    }
}
