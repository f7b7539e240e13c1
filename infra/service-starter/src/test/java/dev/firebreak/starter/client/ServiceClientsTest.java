package dev.firebreak.starter.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.client.FakeUpstream.Answer;
import dev.firebreak.starter.client.FakeUpstream.Seen;
import dev.firebreak.starter.overload.DeadlineFilter;
import dev.firebreak.starter.trace.TraceFilter;
import dev.firebreak.trust.test.TestClock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.http.HttpMethod;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import tools.jackson.databind.json.JsonMapper;

/** Calls over real HTTP; only the waits before retries pass by the test's clock. */
class ServiceClientsTest {
    private final TestClock clock = new TestClock();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<Duration> waits = new ArrayList<>();
    private final FakeUpstream upstream = new FakeUpstream();
    private final DeadlineRequestsBuilder transport = new DeadlineRequestsBuilder(clock);
    private HttpClientSettings settings = HttpClientSettings.defaults();
    private ServiceClients clients;
    private RestClient client;

    @BeforeEach
    void start() {
        clients = new ServiceClients(
                () -> RestClient.builder().requestFactory(transport.build(settings)),
                metrics,
                clock,
                new SplittableRandom(1),
                wait -> {
                    waits.add(wait);
                    clock.advance(wait);
                },
                new JsonMapper());
        client = client();
    }

    @AfterEach
    void stop() {
        upstream.close();
        transport.close();
    }

    @ParameterizedTest(name = "{0}: {1} to {2} ms")
    @CsvSource(
            delimiter = '|',
            value = {
                "2 | 2000 | 3000",
                "0 | 0 | 500",
                "Mon, 02 Nov 2026 08:00:03 GMT | 3000 | 4500",
                "Mon, 02 Nov 2026 07:00:00 GMT | 0 | 500",
                "soon | 0 | 200",
                "-3 | 0 | 200",
                " | 0 | 200"
            })
    void waitsAsLongAsItIsToldBeforeItAsksAgain(@Nullable String retryAfter, long least, long most) {
        upstream.answers(Answer.of(503, retryAfter), Answer.ok("[1]"));

        assertThat(get()).isEqualTo("[1]");
        assertThat(waits)
                .singleElement()
                .satisfies(wait -> assertThat(wait).isBetween(Duration.ofMillis(least), Duration.ofMillis(most)));
        assertThat(calls("ok")).isEqualTo(1);
        assertThat(count("firebreak.client.retries")).isEqualTo(1);
    }

    @Test
    void givesUpAfterTwoRetriesAndPassesTheHintOn() {
        upstream.answers(Answer.of(429, "4"));

        ServiceException failure = refused(this::get);

        assertThat(failure.error()).isEqualTo(ServiceError.UPSTREAM_UNAVAILABLE);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(4));
        assertThat(failure.getMessage()).doesNotContain("other").doesNotContain("429");
        assertThat(failure.getCause()).hasMessage("other answered 429 to GET /things");
        assertThat(upstream.seen).hasSize(3);
        assertThat(denied("attempts")).isEqualTo(1);
    }

    @Test
    void keepsRetriesToATenthWhereTheUpstreamAlwaysSheds() {
        upstream.answers(Answer.of(503, "0"));

        for (int i = 0; i < 1_000; i++) {
            refused(this::get);
        }

        assertThat(upstream.seen).hasSizeBetween(1_100, 1_105);
        assertThat(waits).hasSize(upstream.seen.size() - 1_000);
        assertThat(calls("shed")).isEqualTo(1_000);
        assertThat(count("firebreak.client.retries")).isEqualTo(waits.size());
        assertThat(denied("budget")).isGreaterThan(900);
    }

    @Test
    void oneCallsWaitSilencesNoOther() {
        upstream.answers(Answer.of(503, "9"), Answer.ok("[]"));
        within(Duration.ofSeconds(5), () -> refused(this::get));

        get();

        assertThat(upstream.seen).hasSize(2);
        assertThat(waits).isEmpty();
    }

    @Test
    void doesNothingTwiceThatMightBeDoneTwice() {
        upstream.answers(Answer.of(503, "1"));

        refused(() -> send(HttpMethod.POST, null));
        refused(() -> send(HttpMethod.PATCH, null));

        assertThat(upstream.seen).hasSize(2);
        assertThat(denied("method")).isEqualTo(2);
    }

    @Test
    void repeatsWhatIsMarkedIdempotentWithTheSameBody() {
        upstream.answers(Answer.of(503, "1"), Answer.ok("[]"), Answer.of(503, "1"), Answer.ok("[]"));

        send(HttpMethod.POST, "key-1");
        send(HttpMethod.PUT, null);

        assertThat(upstream.seen).extracting(Seen::method).containsExactly("POST", "POST", "PUT", "PUT");
        assertThat(upstream.seen).extracting(Seen::body).containsOnly("[\"body\"]");
    }

    @Test
    void neverWaitsPastTheDeadline() {
        upstream.answers(Answer.of(503, "2"));

        within(Duration.ofSeconds(2), () -> refused(this::get));

        assertThat(upstream.seen).hasSize(1);
        assertThat(waits).isEmpty();
        assertThat(denied("deadline")).isEqualTo(1);
    }

    @Test
    void tellsEachAttemptWhatIsLeftOfTheDeadline() {
        upstream.answers(Answer.of(503, "1"), Answer.ok("[]"));

        within(Duration.ofSeconds(3), this::get);

        assertThat(timeouts()).containsExactly(2_950L, 2_950L - roundedUp(waits.getFirst()));
    }

    @Test
    void asksNobodyWhereTooLittleIsLeft() {
        within(
                Duration.ofMillis(55),
                () -> assertThat(refused(this::get).error()).isEqualTo(RequestError.DEADLINE_EXCEEDED));

        assertThat(upstream.seen).isEmpty();
        assertThat(calls("deadline")).isEqualTo(1);
    }

    @Test
    void waitsNoLongerThanTheReadTimeoutOutsideARequest() {
        get();

        assertThat(timeouts()).containsExactly(3_975L);
        assertThat(upstream.seen.getFirst().header("traceparent")).isNull();
    }

    @Test
    void carriesTheTraceOfTheRequest() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader("traceparent", "00-" + trace + "-00f067aa0ba902b7-01");

        new TraceFilter().doFilter(request, new MockHttpServletResponse(), (_, _) -> get());

        assertThat(upstream.seen.getFirst().header("traceparent")).matches("00-" + trace + "-[0-9a-f]{16}-01");
    }

    @Test
    void triesAConnectionThatIsRefusedAgain() {
        upstream.close();

        assertThat(refused(this::get).error()).isEqualTo(ServiceError.UPSTREAM_UNAVAILABLE);
        assertThat(waits).hasSize(2);
        assertThat(calls("unreachable")).isEqualTo(1);
    }

    @Test
    void doesNotAskAgainWhereTheUpstreamIsStillAtWork() {
        settings = settings.withReadTimeout(Duration.ofMillis(300));
        client = client();
        upstream.answers(Answer.stalling("all"));

        assertThat(refused(this::get).error()).isEqualTo(ServiceError.UPSTREAM_TIMEOUT);
        assertThat(waits).isEmpty();
        assertThat(calls("timeout")).isEqualTo(1);
    }

    @Test
    void itsTimeHoldsForTheBodyToo() {
        settings = settings.withReadTimeout(Duration.ofMillis(300));
        client = client();
        upstream.answers(Answer.stalling("body"));

        assertThat(meaning(this::get)).isEqualTo(ServiceError.UPSTREAM_UNAVAILABLE);
    }

    /** Boot's own builder has our transport too, but nobody who would name the failure. */
    @Test
    void knowsATimeoutOfAnyClient() {
        settings = settings.withReadTimeout(Duration.ofMillis(300));
        upstream.answers(Answer.stalling("all"));
        client = RestClient.builder()
                .requestFactory(transport.build(settings))
                .baseUrl(upstream.url())
                .build();

        assertThat(meaning(this::get)).isEqualTo(ServiceError.UPSTREAM_TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 429, 500, 502, 503, 504})
    void troubleBetweenServicesIsUnavailableHere(int status) {
        upstream.answers(Answer.of(status, null));

        assertThat(refused(this::get).error()).isEqualTo(ServiceError.UPSTREAM_UNAVAILABLE);
    }

    @Test
    void leavesAnAnswerAboutTheRequestToItsCaller() {
        upstream.answers(Answer.of(404, null));

        assertThatExceptionOfType(HttpClientErrorException.NotFound.class)
                .isThrownBy(this::get)
                .satisfies(e -> assertThat(e.getResponseBodyAsString()).contains("demo.reason"));
        assertThat(new ClientFailures().translate(catchThrowableOfType(RestClientException.class, this::get)))
                .isEmpty();
        assertThat(calls("rejected")).isEqualTo(2);
    }

    @Test
    void blamesTheUpstreamForAnAnswerThatCannotBeRead() {
        upstream.answers(Answer.ok("{broken"));

        assertThat(meaning(() -> client.get().uri("/things").retrieve().body(List.class)))
                .isEqualTo(ServiceError.UPSTREAM_UNAVAILABLE);
    }

    /** Such as one that signs each request afresh; Spring skipped them in a repeated execution up to 6.2 (#34169). */
    @Test
    void interceptorsThatFollowSeeEachAttempt() {
        AtomicInteger attempts = new AtomicInteger();
        client = clients.builder("other")
                .baseUrl(upstream.url())
                .requestInterceptor((request, body, execution) -> {
                    attempts.incrementAndGet();
                    return execution.execute(request, body);
                })
                .build();
        upstream.answers(Answer.of(503, "1"), Answer.ok("[]"));

        get();

        assertThat(attempts).hasValue(2);
    }

    @Test
    void clientsOfOneNameShareOneBudget() {
        upstream.answers(Answer.of(503, "0"));

        for (int i = 0; i < 20; i++) {
            client = client();
            refused(this::get);
        }

        assertThat(waits).hasSizeBetween(5, 7);
    }

    @Test
    void refusesANameThatCannotBeALabel() {
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> clients.builder("http://x/"));
    }

    private RestClient client() {
        return clients.builder("other").baseUrl(upstream.url()).build();
    }

    private @Nullable String get() {
        return client.get().uri("/things").retrieve().body(String.class);
    }

    private void send(HttpMethod method, @Nullable String idempotencyKey) {
        client.method(method)
                .uri("/things")
                .headers(headers -> {
                    if (idempotencyKey != null) {
                        headers.set("Idempotency-Key", idempotencyKey);
                    }
                })
                .body(List.of("body"))
                .retrieve()
                .toBodilessEntity();
    }

    private static ServiceException refused(Runnable call) {
        ServiceException failure = catchThrowableOfType(ServiceException.class, call::run);
        assertThat(failure).isNotNull();
        return failure;
    }

    private static ErrorCode meaning(ThrowingCallable call) {
        RestClientException failure = catchThrowableOfType(RestClientException.class, call);
        return new ClientFailures().translate(failure).orElseThrow().error();
    }

    /** As in a request whose caller waits so long. */
    private void within(Duration timeout, Runnable work) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader("Firebreak-Timeout-Ms", Long.toString(timeout.toMillis()));
        try {
            new DeadlineFilter(Duration.ofSeconds(5), Duration.ofSeconds(10), clock)
                    .doFilter(request, new MockHttpServletResponse(), (_, _) -> work.run());
        } catch (ServletException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Long> timeouts() {
        return upstream.seen.stream()
                .map(seen -> Long.parseLong(String.valueOf(seen.header("Firebreak-Timeout-Ms"))))
                .toList();
    }

    private static long roundedUp(Duration wait) {
        return wait.plusNanos(999_999).toMillis();
    }

    private double calls(String outcome) {
        return count("firebreak.client.calls", "outcome", outcome);
    }

    private double denied(String reason) {
        return count("firebreak.client.retries.denied", "reason", reason);
    }

    private double count(String name, String... tags) {
        Counter counter = metrics.find(name).tag("client", "other").tags(tags).counter();
        return counter == null ? -1 : counter.count();
    }
}
