package dev.firebreak.starter.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jwt.SignedJWT;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ErrorCatalogue;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.VaultError;
import dev.firebreak.contracts.vault.GoogleService;
import dev.firebreak.starter.authn.Caller;
import dev.firebreak.starter.client.TestClients;
import dev.firebreak.starter.google.GoogleAnswer.NotAllowed;
import dev.firebreak.starter.google.GoogleAnswer.NotConnected;
import dev.firebreak.starter.google.GoogleAnswer.ReconnectRequired;
import dev.firebreak.starter.google.GoogleAnswer.Unavailable;
import dev.firebreak.starter.google.GoogleAnswer.Valid;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
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

/** Over real HTTP; time passes only when the test says so. */
@ExtendWith(OutputCaptureExtension.class)
class GoogleTokensTest {
    private static final UUID ALICE = UUID.fromString("0f8fad5b-d9cb-469f-a165-70867728950e");
    private static final VaultUser BACKGROUND = VaultUser.background(ALICE);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final TestClock clock = new TestClock();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final FakeForms vault = new FakeForms();
    private final TestClients http = new TestClients(clock, metrics);
    private final AtomicInteger issued = new AtomicInteger();
    private final GoogleTokens tokens = tokens();

    private GoogleTokens tokens() {
        VaultCounters counters = new VaultCounters(metrics);
        ClientAssertions assertions = new ClientAssertions(
                "task-service", ClientKey.generate("k1"), "http://localhost:8080/auth", "test-1", clock);
        return new GoogleTokens(
                new VaultClient(
                        http.clients(), assertions, vault.url("/auth/internal/v1/vault/token"), counters, clock),
                new HeldGoogleTokens(100, counters, clock),
                counters,
                clock);
    }

    @AfterEach
    void stop() {
        http.close();
        vault.close();
    }

    @Test
    void exchangesTheAccessTokenOfAUserWhoIsThere() throws ParseException {
        vault.replies(this::issue);

        GoogleAnswer answer = tokens.fetch(present("google:token"), GoogleService.CALENDAR, MINUTE, "1077");

        Asked asked = vault.asked().getFirst();
        assertThat(asked.path()).isEqualTo("/auth/internal/v1/vault/token");
        assertThat(asked.form())
                .containsEntry("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
                .containsEntry("subject_token", "users-token")
                .containsEntry("subject_token_type", "urn:ietf:params:oauth:token-type:access_token")
                .containsEntry("service", "calendar")
                .containsEntry("account", "1077")
                .containsEntry("minimum_seconds", "60")
                .hasSize(6);
        assertThat(SignedJWT.parse(asked.bearer()).getJWTClaimsSet().getSubject())
                .isEqualTo("task-service");
        assertThat(answer).isEqualTo(new Valid("google-1", TestClock.START.plusSeconds(3_600), Set.of("a", "b")));
        assertThat(calls("valid")).isEqualTo(1);
    }

    @Test
    void namesTheUserWhereNobodyIsThere() {
        vault.replies(this::issue);

        tokens.fetch(BACKGROUND, GoogleService.GMAIL);

        assertThat(vault.asked().getFirst().form())
                .containsEntry("subject_token", ALICE.toString())
                .containsEntry("subject_token_type", "urn:firebreak:params:user-id")
                .containsEntry("service", "gmail")
                .doesNotContainKey("account");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "409, vault.reconnect_required, reconnect_required",
        "404, vault.not_connected, not_connected",
        "403, vault.not_allowed, not_allowed"
    })
    void eachRefusalIsAValueAndTellsTheCallerTheSame(int status, String code, String outcome) {
        vault.replies(asked -> new Reply(status, null, "{\"code\":\"%s\",\"reason\":\"revoked\"}".formatted(code)));

        GoogleAnswer answer = tokens.fetch(BACKGROUND, GoogleService.CALENDAR);

        assertThat(answer)
                .isEqualTo(
                        switch (status) {
                            case 409 -> new ReconnectRequired("revoked");
                            case 404 -> new NotConnected();
                            default -> new NotAllowed();
                        });
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(answer::orThrow)
                .satisfies(e -> assertThat(e.error())
                        .isEqualTo(ErrorCatalogue.find(code).orElseThrow()))
                .satisfies(e -> assertThat(e.error().kind().status()).isEqualTo(status));
        assertThat(calls(outcome)).isEqualTo(1);
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "503, vault.google_unavailable, vault.google_unavailable, unavailable",
        "503, vault.saturated, vault.saturated, unavailable",
        "503, pool.saturated, auth.unavailable, unavailable",
        "429, rate.limited, auth.unavailable, unavailable",
        "500, internal, auth.unavailable, unavailable",
        "401, auth.assertion_invalid, auth.unavailable, refused",
        "403, auth.client_forbidden, auth.unavailable, refused",
        "404, request.unknown_path, auth.unavailable, refused",
        "400, request.invalid, auth.unavailable, refused"
    })
    void troubleIsUnavailableAndNeverAVerdictOnTheConnection(
            int status, String code, String told, String outcome, CapturedOutput output) {
        vault.replies(asked -> new Reply(status, "7", "{\"code\":\"%s\"}".formatted(code)));

        GoogleAnswer answer =
                within(SOON.dividedBy(2), () -> tokens.fetch(present("google:token"), GoogleService.CALENDAR));

        assertThat(answer).isInstanceOfSatisfying(Unavailable.class, unavailable -> {
            assertThat(unavailable.error().code()).isEqualTo(told);
            assertThat(unavailable.retryAfter()).isEqualTo(Duration.ofSeconds(outcome.equals("refused") ? 10 : 7));
        });
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(answer::orThrow)
                .satisfies(e -> assertThat(e.error().kind().status()).isEqualTo(503))
                .satisfies(e -> assertThat(e.retryAfter()).isPositive());
        assertThat(calls(outcome)).isEqualTo(1);
        assertThat(output)
                .doesNotContain("users-token", vault.asked().getFirst().bearer());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "no json, google-secret",
                "[]",
                "{\"access_token\":\"google-secret\",\"token_type\":\"Bearer\"}",
                "{\"access_token\":\"google-secret\",\"token_type\":\"Bearer\",\"expires_in\":59}",
                "{\"token_type\":\"Bearer\",\"expires_in\":3600}"
            })
    void anAnswerThatMakesNoSenseIsUnavailable(String body, CapturedOutput output) {
        vault.replies(asked -> Reply.ok(body));

        assertThat(tokens.fetch(BACKGROUND, GoogleService.CALENDAR)).isInstanceOf(Unavailable.class);
        assertThat(calls("unusable")).isEqualTo(1);
        assertThat(output).contains("The vault gave").doesNotContain("google-secret");
    }

    @Test
    void nobodyThereIsUnavailable() {
        vault.goAway();

        assertThat(tokens.fetch(BACKGROUND, GoogleService.CALENDAR))
                .isInstanceOfSatisfying(
                        Unavailable.class,
                        unavailable -> assertThat(unavailable.error()).isEqualTo(AuthError.UNAVAILABLE));
        assertThat(calls("unavailable")).isEqualTo(1);
    }

    @Test
    void holdsATokenUntilItsEndLessWhatIsNeeded() {
        vault.replies(this::issue);
        assertThat(value(BACKGROUND, MINUTE)).isEqualTo("google-1");

        clock.advance(Duration.ofSeconds(3_539));
        assertThat(value(BACKGROUND, MINUTE)).isEqualTo("google-1");
        assertThat(value(BACKGROUND, Duration.ofMinutes(5)))
                .as("somebody needs it for longer")
                .isEqualTo("google-2");
        assertThat(value(BACKGROUND, MINUTE)).isEqualTo("google-2");

        clock.advance(Duration.ofSeconds(3_540));
        assertThat(value(BACKGROUND, MINUTE)).isEqualTo("google-3");
        assertThat(lookups("hit")).isEqualTo(2);
        assertThat(lookups("miss")).isEqualTo(3);
    }

    @Test
    void neverGivesAnExpiredTokenWhateverIsNeeded() {
        vault.replies(this::issue);
        tokens.fetch(BACKGROUND, GoogleService.CALENDAR);
        vault.goAway();

        clock.advance(Duration.ofSeconds(3_600));

        assertThat(tokens.fetch(BACKGROUND, GoogleService.CALENDAR, Duration.ZERO, null))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void heldTokensAreGivenWhileTheVaultIsAway() {
        vault.replies(this::issue);
        tokens.fetch(BACKGROUND, GoogleService.CALENDAR);
        vault.goAway();

        clock.advance(Duration.ofMinutes(50));

        assertThat(value(BACKGROUND, MINUTE)).isEqualTo("google-1");
    }

    @Test
    void whatWasGivenToAPresentUserReachesNoBackgroundWorkAndNoOtherServiceOrAccount() {
        vault.replies(this::issue);

        assertThat(value(present("google:token"), MINUTE)).isEqualTo("google-1");
        assertThat(value(BACKGROUND, MINUTE)).isEqualTo("google-2");
        assertThat(tokens.fetch(BACKGROUND, GoogleService.DRIVE).orThrow().token())
                .isEqualTo("google-3");
        assertThat(tokens.fetch(BACKGROUND, GoogleService.CALENDAR, MINUTE, "1077")
                        .orThrow()
                        .token())
                .isEqualTo("google-4");
        assertThat(value(VaultUser.background(UUID.randomUUID()), MINUTE)).isEqualTo("google-5");
        assertThat(value(present("google:token"), MINUTE)).isEqualTo("google-1");
    }

    @Test
    void aTokenWithoutTheScopeOpensNotEvenWhatIsHeld() {
        vault.replies(this::issue);
        tokens.fetch(present("google:token"), GoogleService.CALENDAR);

        assertThat(tokens.fetch(present("tasks:read"), GoogleService.CALENDAR)).isEqualTo(new NotAllowed());
        assertThat(vault.asked()).hasSize(1);
    }

    @RepeatedTest(20)
    void asksOnceHoweverManyNeedOneAtTheSameTime() throws Exception {
        int callers = 200;
        AtomicInteger asking = new AtomicInteger();
        vault.replies(asked -> {
            Eventually.within(SOON, "everybody asks", () -> asking.get() == callers);
            return issue(asked);
        });

        for (Future<String> caller : inParallel(callers, asking)) {
            assertThat(caller.get()).isEqualTo("google-1");
        }

        assertThat(vault.asked()).hasSize(1);
    }

    @RepeatedTest(20)
    void asksOnceAlsoWhereNobodyWaitsForTheOthers() throws Exception {
        vault.replies(this::issue);

        for (Future<String> caller : inParallel(200, new AtomicInteger())) {
            assertThat(caller.get()).isEqualTo("google-1");
        }

        assertThat(vault.asked()).hasSize(1);
        assertThat(lookups("hit") + lookups("miss") + lookups("joined")).isEqualTo(200);
    }

    @Test
    void tellsTheVaultHowLongTheCallerWaits() {
        vault.replies(this::issue);

        within(Duration.ofMillis(2_000), () -> tokens.fetch(BACKGROUND, GoogleService.CALENDAR));

        assertThat(vault.asked().getFirst().headers()).containsEntry("firebreak-timeout-ms", "1950");
    }

    @Test
    void whoHasLittleTimeDoesNotSpoilItForOthers() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        vault.replies(asked -> {
            if (vault.asked().size() == 1) {
                await(slow);
            }
            return issue(asked);
        });
        CompletableFuture<GoogleAnswer> hurried = inBackground(
                () -> within(Duration.ofMillis(600), () -> tokens.fetch(BACKGROUND, GoogleService.CALENDAR)));
        Eventually.within(SOON, "the hurried one asks", () -> vault.asked().size() == 1);

        String patient = value(BACKGROUND, MINUTE);

        slow.countDown();
        assertThat(patient).isEqualTo("google-1");
        assertThat(hurried.get()).isInstanceOf(Unavailable.class);
        assertThat(vault.asked()).hasSize(2);
    }

    @Test
    void whoNeedsItForLongerThanTheOneWhoAskedAsksAgain() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        vault.replies(asked -> {
            await(slow);
            boolean little = asked.form().get("minimum_seconds").equals("60");
            return Reply.token("google-" + issued.incrementAndGet(), little ? 120 : 3_600);
        });
        CompletableFuture<String> modest = inBackground(() -> value(BACKGROUND, MINUTE));
        Eventually.within(SOON, "the modest one asks", () -> vault.asked().size() == 1);
        CompletableFuture<String> demanding = inBackground(() -> value(BACKGROUND, Duration.ofMinutes(30)));

        slow.countDown();

        assertThat(modest.get()).isEqualTo("google-1");
        assertThat(demanding.get()).isEqualTo("google-2");
    }

    @Test
    void whatIsForgottenIsNotHeldEvenIfItComesLater() throws Exception {
        vault.replies(this::issue);
        assertThat(value(BACKGROUND, MINUTE)).isEqualTo("google-1");
        tokens.forget(ALICE);
        CountDownLatch slow = new CountDownLatch(1);
        vault.replies(asked -> {
            await(slow);
            return issue(asked);
        });
        CompletableFuture<String> underWay = inBackground(() -> value(BACKGROUND, MINUTE));
        Eventually.within(SOON, "asked again", () -> vault.asked().size() == 2);

        tokens.forget(ALICE);
        slow.countDown();

        assertThat(underWay.get()).isEqualTo("google-2");
        assertThat(value(BACKGROUND, MINUTE)).isEqualTo("google-3");
    }

    @Test
    void retriesWithinTheBudgetAndProvesItselfAfreshEachTime() {
        vault.replies(asked -> new Reply(503, "0", "{\"code\":\"vault.google_unavailable\"}"));

        for (int i = 0; i < 200; i++) {
            assertThat(tokens.fetch(BACKGROUND, GoogleService.CALENDAR)).isInstanceOf(Unavailable.class);
        }

        assertThat(vault.asked()).hasSizeBetween(210, 226);
        assertThat(vault.asked()).extracting(Asked::bearer).doesNotHaveDuplicates();
    }

    @Test
    void holdsABoundedNumber() {
        vault.replies(this::issue);

        for (int i = 0; i < 500; i++) {
            tokens.fetch(VaultUser.background(UUID.randomUUID()), GoogleService.CALENDAR);
        }

        Gauge size = metrics.find("firebreak.vault.cache.size").gauge();
        assertThat(size).isNotNull();
        assertThat(size.value()).isBetween(50.0, 110.0);
    }

    @Test
    void hasNoSecretInAnyText() {
        vault.replies(asked -> Reply.token("google-secret", 3_600));

        assertThat(tokens.fetch(BACKGROUND, GoogleService.CALENDAR).toString()).doesNotContain("secret");
        assertThat(present("google:token").toString())
                .doesNotContain("users-token")
                .contains(ALICE.toString(), "present");
    }

    @Test
    void aTokenIsWhatOrThrowGives() {
        vault.replies(this::issue);

        assertThat(tokens.fetch(BACKGROUND, GoogleService.CALENDAR).orThrow().token())
                .isEqualTo("google-1");
        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> new Unavailable(VaultError.SATURATED, MINUTE).orThrow())
                .satisfies(e -> assertThat(e.retryAfter()).isEqualTo(MINUTE));
    }

    private Reply issue(Asked asked) {
        return Reply.token("google-" + issued.incrementAndGet(), 3_600);
    }

    private String value(VaultUser user, Duration leastLife) {
        return tokens.fetch(user, GoogleService.CALENDAR, leastLife, null)
                .orThrow()
                .token();
    }

    private static VaultUser present(String scope) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader("Authorization", "Bearer users-token");
        request.setAttribute(Caller.class.getName(), new Caller(ALICE.toString(), "gateway", Set.of(scope), "s-1"));
        return VaultUser.present(request);
    }

    private List<Future<String>> inParallel(int callers, AtomicInteger asking) {
        CountDownLatch go = new CountDownLatch(1);
        List<Future<String>> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                results.add(threads.submit(() -> {
                    go.await();
                    asking.incrementAndGet();
                    return value(BACKGROUND, MINUTE);
                }));
            }
            go.countDown();
        }
        return results;
    }

    private interface Work<T> {
        T run();
    }

    private static <T> CompletableFuture<T> inBackground(Work<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(work.run());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    /** As in a request whose caller waits so long. */
    private GoogleAnswer within(Duration timeout, Work<GoogleAnswer> work) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader("Firebreak-Timeout-Ms", Long.toString(timeout.toMillis()));
        AtomicReference<@Nullable GoogleAnswer> result = new AtomicReference<>();
        try {
            new DeadlineFilter(Duration.ofSeconds(5), Duration.ofSeconds(10), clock)
                    .doFilter(request, new MockHttpServletResponse(), (_, _) -> result.set(work.run()));
        } catch (ServletException e) {
            throw new AssertionError(e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        GoogleAnswer answer = result.get();
        assertThat(answer).isNotNull();
        return answer;
    }

    private double calls(String outcome) {
        return count("firebreak.vault.calls", "outcome", outcome);
    }

    private double lookups(String result) {
        return count("firebreak.vault.cache.lookups", "result", result);
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
