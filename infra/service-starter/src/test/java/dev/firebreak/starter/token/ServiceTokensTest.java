package dev.firebreak.starter.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.client.TestClients;
import dev.firebreak.starter.overload.DeadlineFilter;
import dev.firebreak.starter.test.Eventually;
import dev.firebreak.starter.test.FakeForms;
import dev.firebreak.starter.test.FakeForms.Asked;
import dev.firebreak.starter.test.FakeForms.Reply;
import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.ClientKey;
import dev.firebreak.trust.test.TestClock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.client.RestClient;

/** Over real HTTP; time passes only when the test says so. */
@ExtendWith(OutputCaptureExtension.class)
class ServiceTokensTest {
    private static final String ISSUER = "http://localhost:8080/auth";
    private static final TokenTarget API = TokenTarget.of("http://localhost:8080/api");
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final long LIFE = 900;

    private final TestClock clock = new TestClock();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final FakeForms server = new FakeForms();
    private final TestClients http = new TestClients(clock, metrics);
    private final AtomicInteger issued = new AtomicInteger();
    private final ServiceTokens tokens = new ServiceTokens(
            new TokenEndpoint(
                    http.clients(),
                    new ClientAssertions("task-service", ClientKey.generate("k1"), ISSUER, "test-1", clock),
                    server.url("/auth/oauth2/token"),
                    clock)::fetch,
            metrics,
            clock,
            new SplittableRandom(7));

    @AfterEach
    void stop() {
        tokens.close();
        http.close();
        server.close();
    }

    @Test
    void asksByClientCredentialsForTheAudienceAndProvesItsKey() throws ParseException {
        server.replies(this::issue);

        ServiceToken token =
                tokens.require(new TokenTarget("http://localhost:8080/ops", Set.of("pools:read", "audit:read")));

        Asked asked = server.asked().getFirst();
        assertThat(asked.path()).isEqualTo("/auth/oauth2/token");
        assertThat(asked.form())
                .containsEntry("grant_type", "client_credentials")
                .containsEntry("resource", "http://localhost:8080/ops")
                .containsEntry("scope", "audit:read pools:read")
                .containsEntry("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
                .containsOnlyKeys("grant_type", "resource", "scope", "client_assertion_type", "client_assertion");
        SignedJWT proof = SignedJWT.parse(asked.form().get("client_assertion"));
        assertThat(proof.getJWTClaimsSet().getSubject()).isEqualTo("task-service");
        assertThat(proof.getJWTClaimsSet().getAudience()).containsExactly(ISSUER);
        assertThat(token.value()).isEqualTo("token-1");
        assertThat(token.expiresAt()).isEqualTo(TestClock.START.plusSeconds(LIFE));
        assertThat(token.scopes()).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void provesItselfAfreshAtEachAttempt() {
        server.replies(asked -> server.asked().size() == 1 ? new Reply(503, "0", "") : issue(asked));

        tokens.require(API);

        assertThat(server.asked()).hasSize(2);
        assertThat(proofs()).hasSize(2);
    }

    @RepeatedTest(20)
    void asksOnceHoweverManyNeedOneAtTheSameTime() throws Exception {
        int callers = 200;
        AtomicInteger asking = new AtomicInteger();
        server.replies(asked -> {
            Eventually.within(SOON, "everybody asks", () -> asking.get() == callers);
            return issue(asked);
        });

        Set<String> given = new HashSet<>();
        for (Future<String> caller : inParallel(callers, asking)) {
            given.add(caller.get());
        }

        assertThat(given).containsExactly("token-1");
        assertThat(server.asked()).hasSize(1);
    }

    @RepeatedTest(20)
    void asksOnceAlsoWhereNobodyWaitsForTheOthers() throws Exception {
        server.replies(this::issue);

        for (Future<String> caller : inParallel(200, new AtomicInteger())) {
            assertThat(caller.get()).isEqualTo("token-1");
        }

        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void renewsAtAThirdOfItsLifeWhileCallersGetTheOneThatIsHeld() {
        server.replies(this::issue);
        tokens.require(API);
        clock.advance(Duration.ofSeconds(LIFE * 4 / 15 - 1));
        tokens.renewDue();
        assertThat(server.asked()).as("earlier it is not due").hasSize(1);
        CountDownLatch slow = new CountDownLatch(1);
        server.replies(asked -> {
            await(slow);
            return issue(asked);
        });

        clock.advance(Duration.ofSeconds(LIFE / 15 + 1));
        tokens.renewDue();
        tokens.renewDue();

        assertThat(tokens.require(API).value()).isEqualTo("token-1");
        slow.countDown();
        Eventually.within(
                SOON, "the next one", () -> tokens.require(API).value().equals("token-2"));
        assertThat(server.asked()).hasSize(2);
        assertThat(renewals("renewed")).isEqualTo(2);
        assertThat(age()).isZero();
    }

    @Test
    void survivesNineMinutesWithoutTheAuthorizationServerFromTheWorstMomentOn() {
        server.replies(this::issue);
        tokens.require(API);
        server.goAway();
        clock.advance(Duration.ofSeconds(LIFE / 3));

        Instant end = clock.instant().plus(Duration.ofMinutes(9));
        int failures = 0;
        while (clock.instant().isBefore(end)) {
            tokens.renewDue();
            int known = failures;
            Eventually.within(SOON, "the attempt ended", () -> renewals("unavailable") > known);
            failures = (int) renewals("unavailable");
            assertThat(tokens.require(API).value()).isEqualTo("token-1");
            // Longer than any pause, so that each round is an attempt.
            clock.advance(Duration.ofSeconds(45));
        }

        assertThat(age()).isGreaterThan(Duration.ofMinutes(13).toSeconds());
        server.comeBack();
        tokens.renewDue();
        Eventually.within(
                SOON, "it recovers by itself", () -> tokens.require(API).value().equals("token-2"));
    }

    @Test
    void withoutATokenItIsUnavailableAtOnceAndNobodyIsAskedMoreThanOnceAPause() {
        server.replies(asked -> new Reply(503, "3", "{\"error\":\"temporarily_unavailable\"}"));
        assertUnavailable(refused());
        int attempts = server.asked().size();

        for (int i = 0; i < 100; i++) {
            ServiceException failure = refused();
            assertUnavailable(failure);
            assertThat(failure.retryAfter()).isBetween(Duration.ofSeconds(3), Duration.ofSeconds(5));
        }

        assertThat(server.asked()).hasSize(attempts);
        server.replies(this::issue);
        clock.advance(Duration.ofSeconds(5));
        assertThat(tokens.require(API).value()).isEqualTo("token-1");
    }

    @Test
    void neverGivesATokenThatEndsBeforeItIsNeeded() {
        server.replies(this::issue);
        tokens.require(API);
        server.goAway();
        clock.advance(Duration.ofSeconds(LIFE - 31));
        assertThat(tokens.require(API).value()).isEqualTo("token-1");

        clock.advance(Duration.ofSeconds(1));

        assertUnavailable(refused());
        assertThat(tokens.require(API, Duration.ZERO).value()).isEqualTo("token-1");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "401 | {\"error\":\"invalid_client\"} | refused",
                "400 | {\"error\":\"invalid_scope\"} | refused",
                "403 | not json | refused",
                "500 | {} | unavailable",
                "200 | not json, token-secret | unusable",
                "200 | {\"access_token\":\"token-secret\",\"token_type\":\"Bearer\"} | unusable",
                "200 | {\"access_token\":\"token-secret\",\"token_type\":\"mac\",\"expires_in\":9} | unusable",
                "200 | {\"access_token\":\"token-secret\",\"token_type\":\"Bearer\",\"expires_in\":-9} | unusable"
            })
    void noRefusalIsEverTheCallersVerdictAndNoSecretIsLogged(
            int status, String body, String outcome, CapturedOutput output) {
        server.replies(asked -> new Reply(status, null, body));

        ServiceException failure = refused();

        assertUnavailable(failure);
        assertThat(renewals(outcome)).isEqualTo(1);
        assertThat(output).contains("No new token for " + API.audience());
        assertThat(output.getAll() + failure + failure.getCause())
                .doesNotContain("token-secret")
                .doesNotContain(server.asked().getFirst().form().get("client_assertion"));
    }

    @Test
    void whoHasNoTimeLeftGoesAndTheTokenComesForTheNext() {
        CountDownLatch slow = new CountDownLatch(1);
        server.replies(asked -> {
            await(slow);
            return issue(asked);
        });

        within(Duration.ofMillis(100), () -> assertUnavailable(refused()));

        slow.countDown();
        assertThat(tokens.require(API).value()).isEqualTo("token-1");
        assertThat(server.asked()).hasSize(1);
        assertThat(server.asked().getFirst().headers())
                .as("the flight is not one caller's")
                .containsEntry("firebreak-timeout-ms", "3975");
    }

    @Test
    void targetsAreApart() {
        server.replies(this::issue);

        assertThat(tokens.require(API).value()).isEqualTo("token-1");
        assertThat(tokens.require(TokenTarget.of("http://other/api")).value()).isEqualTo("token-2");
        assertThat(tokens.require(API).value()).isEqualTo("token-1");
    }

    @Test
    void refusesATargetForEachRequest() {
        server.replies(this::issue);

        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> {
            for (int i = 0; i < 100; i++) {
                tokens.require(TokenTarget.of("http://other/" + i));
            }
        });

        assertThat(server.asked()).hasSize(32);
    }

    @Test
    void letsGoOfATokenThatNobodyAsksFor() {
        server.replies(this::issue);
        tokens.require(API);

        clock.advance(Duration.ofSeconds(LIFE + 1));
        tokens.renewDue();

        assertThat(server.asked()).hasSize(1);
        assertThat(tokens.require(API).value()).isEqualTo("token-2");
    }

    @Test
    void aServerThatGivesShorterTokensThanNeededIsNotAskedForEver() {
        server.replies(asked -> Reply.token("short", 20));

        for (int i = 0; i < 10; i++) {
            assertUnavailable(refused());
        }

        assertThat(server.asked()).hasSize(1);
        assertThat(tokens.require(API, Duration.ofSeconds(5)).value()).isEqualTo("short");
    }

    @Test
    void aRefusedTokenIsRenewedAndServesUntilThen() {
        server.replies(asked -> asked.path().equals("/things")
                ? new Reply(asked.bearer().equals("token-1") ? 401 : 200, null, "{}")
                : issue(asked));
        RestClient client = http.clients()
                .builder("other")
                .requestInterceptor(tokens.bearer(API))
                .build();
        refusedCall(client);
        assertThat(issued).as("a token just made is not made again").hasValue(1);

        clock.advance(Duration.ofSeconds(11));
        refusedCall(client);

        Eventually.within(SOON, "a new one", () -> issued.get() == 2);
        Eventually.within(SOON, "is in use", () -> tokens.require(API).value().equals("token-2"));
        client.get().uri(server.url("/things")).retrieve().toBodilessEntity();
    }

    @Test
    void aCallForWhichThereIsNoTokenIsNotMade() {
        server.replies(asked -> new Reply(401, null, "{}"));
        RestClient client = http.clients()
                .builder("other")
                .requestInterceptor(tokens.bearer(API))
                .build();

        refusedCall(client);

        assertThat(server.asked()).extracting(Asked::path).doesNotContain("/things");
        assertThat(count("firebreak.client.calls", "client", "other", "outcome", "no_token"))
                .isEqualTo(1);
    }

    @Test
    void renewsByItselfOnceStarted() {
        server.replies(this::issue);
        tokens.start();
        tokens.require(API);

        clock.advance(Duration.ofSeconds(LIFE / 3));

        Eventually.within(SOON, "renewed", () -> issued.get() == 2);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 601})
    void refusesANeedThatNoTokenCanMeet(long seconds) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> tokens.require(API, Duration.ofSeconds(seconds)));
    }

    @Test
    void hasNoSecretInItsText() {
        server.replies(asked -> Reply.token("token-secret", LIFE));

        assertThat(tokens.require(API).toString()).doesNotContain("secret").contains("expiresAt");
    }

    private Reply issue(Asked asked) {
        return Reply.token("token-" + issued.incrementAndGet(), LIFE);
    }

    private List<Future<String>> inParallel(int callers, AtomicInteger asking) throws InterruptedException {
        CountDownLatch go = new CountDownLatch(1);
        List<Future<String>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                results.add(threads.submit(() -> {
                    go.await();
                    asking.incrementAndGet();
                    return tokens.require(API).value();
                }));
            }
            go.countDown();
        }
        return results;
    }

    private Set<String> proofs() {
        Set<String> proofs = new HashSet<>();
        server.asked().forEach(asked -> proofs.add(asked.form().get("client_assertion")));
        return proofs;
    }

    private ServiceException refused() {
        ServiceException failure = catchThrowableOfType(ServiceException.class, () -> tokens.require(API));
        assertThat(failure).isNotNull();
        return failure;
    }

    private void refusedCall(RestClient client) {
        assertThat(catchThrowableOfType(
                        ServiceException.class,
                        () -> client.get().uri(server.url("/things")).retrieve().toBodilessEntity()))
                .isNotNull();
    }

    private static void assertUnavailable(ServiceException failure) {
        assertThat(failure.error()).isEqualTo(AuthError.UNAVAILABLE);
        assertThat(failure.error().kind()).isEqualTo(ErrorCode.Kind.UNAVAILABLE);
        assertThat(failure.retryAfter()).isPositive();
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

    private double renewals(String outcome) {
        return count("firebreak.service.token.renewals", "outcome", outcome, "audience", API.audience());
    }

    private double age() {
        Gauge gauge = metrics.find("firebreak.service.token.age").gauge();
        return gauge == null ? -1 : gauge.value();
    }

    private double count(String name, String... tags) {
        Counter counter = metrics.find(name).tags(tags).counter();
        return counter == null ? -1 : counter.count();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
