package dev.firebreak.cli.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.trust.retry.PatientHttp;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignInTest {
    private static final Instant NOW = Instant.parse("2026-11-23T09:00:00Z");

    @TempDir
    Path temp;

    private final List<Duration> notices = new ArrayList<>();

    FakeIssuer fake;
    TokenEndpoint tokens;

    @BeforeEach
    void start() throws IOException {
        fake = new FakeIssuer();
        tokens = new TokenEndpoint(fake.issuer(), patient(http()), InstantSource.fixed(NOW));
    }

    @AfterEach
    void stop() {
        fake.close();
    }

    @Test
    void fillsTheFormAndRedeemsTheCodeWithItsProof() {
        Tokens got = byForm(FakeIssuer.PASSWORD);

        assertThat(got).isEqualTo(new Tokens("a2", "r2", NOW.plusSeconds(900)));
        assertThat(got.toString()).doesNotContain("a2").doesNotContain("r2");
    }

    @Test
    void saysWhatThePageSaysWhenItRefuses() {
        assertThatExceptionOfType(OAuthException.class)
                .isThrownBy(() -> byForm("wrong"))
                .withMessage("the sign-in of alice@example.com was refused: Not \"right\".");
    }

    @Test
    void tellsAFaultOfTheServerFromAWrongPassword() {
        fake.signInStatus = 503;

        assertThatExceptionOfType(OAuthException.class)
                .isThrownBy(() -> byForm(FakeIssuer.PASSWORD))
                .extracting(OAuthException::advice)
                .asString()
                .contains("status");
    }

    @Test
    void givesThePasswordToNobodyElse() throws IOException {
        try (FakeIssuer thief = new FakeIssuer()) {
            fake.action = thief.issuer() + "/login";

            assertThatExceptionOfType(OAuthException.class)
                    .isThrownBy(() -> byForm(FakeIssuer.PASSWORD))
                    .withMessageContaining("leads away");
        }
    }

    @Test
    void givesUpOnARedirectLoop() {
        fake.endlessRedirects = true;

        assertThatExceptionOfType(OAuthException.class)
                .isThrownBy(() -> byForm(FakeIssuer.PASSWORD))
                .withMessageContaining("circles");
    }

    @Test
    void saysWhatTheTokenEndpointSays() {
        assertThatExceptionOfType(OAuthException.class)
                .isThrownBy(() -> tokens.refresh("firebreak-cli", "stolen"))
                .withMessageContaining("invalid_grant, no such code");
    }

    @Test
    void renewsWithTheRefreshToken() {
        assertThat(tokens.refresh("firebreak-cli", "r1").refresh()).hasValue("r2");
    }

    @Test
    void waitsForABusyServerAndSaysSo() {
        fake.busyFor.set(2);

        assertThat(byForm(FakeIssuer.PASSWORD).accessToken()).isEqualTo("a2");
        assertThat(notices).hasSize(2);

        fake.busyFor.set(1);
        assertThat(tokens.refresh("firebreak-cli", "r1").refresh()).hasValue("r2");
    }

    @Test
    void provesItselfAfreshInEachAttempt() {
        fake.busyFor.set(1);
        AtomicInteger made = new AtomicInteger();

        Tokens got = tokens.clientCredentials(() -> "assertion-" + made.incrementAndGet(), "tasks:read");

        assertThat(got.accessToken()).isEqualTo("a2");
        assertThat(fake.tokenRequests).hasValue(2);
    }

    @Test
    void neverPresentsACodeTwice() {
        fake.busyFor.set(1);

        assertThatExceptionOfType(OAuthException.class)
                .isThrownBy(() -> tokens.redeem("firebreak-cli", "the-code", "http://x", new Pkce("v")))
                .withMessageContaining("temporarily_unavailable");
        assertThat(fake.tokenRequests).hasValue(1);
    }

    @Test
    void saysThatNobodyAnswers() {
        fake.close();

        assertThatExceptionOfType(OAuthException.class)
                .isThrownBy(() -> byForm(FakeIssuer.PASSWORD))
                .withMessageContaining("nobody answers");
    }

    @Test
    void takesTheAnswerOfItsOwnSignInFromTheBrowserAndNoOther() throws Exception {
        CompletableFuture<URI> shown = new CompletableFuture<>();
        CompletableFuture<Tokens> got =
                CompletableFuture.supplyAsync(() -> new LoopbackSignIn(fake.issuer(), tokens, Duration.ofSeconds(20))
                        .signIn("firebreak-cli", Wish.of("openid"), shown::complete));
        URI authorize = shown.get(10, TimeUnit.SECONDS);
        String redirect = Form.query(authorize).get("redirect_uri");
        String state = Form.query(authorize).get("state");
        assertThat(redirect).matches("http://127\\.0\\.0\\.1:\\d+/callback");

        assertThat(get(redirect + "?code=evil&state=guess").statusCode()).isEqualTo(400);
        assertThat(got).isNotDone();

        // As the browser does it: with the person's cookie, to the authorize endpoint, then where that sends it.
        String back = http().send(
                        HttpRequest.newBuilder(authorize)
                                .header("Cookie", "sso=yes")
                                .build(),
                        BodyHandlers.discarding())
                .headers()
                .firstValue("Location")
                .orElseThrow();
        assertThat(back).contains("state=" + state);
        assertThat(get(back).body()).contains("signed in");
        assertThat(got.get(10, TimeUnit.SECONDS).accessToken()).isEqualTo("a2");
    }

    @Test
    void asksForTheOperatorsResourceAndAFreshProof() {
        Wish wish = new Wish("openid keys:manage", URI.create("http://localhost:8080/ops"), true);

        Map<String, String> query = Form.query(shownFor(wish));

        assertThat(query)
                .containsEntry("scope", "openid keys:manage")
                .containsEntry("resource", "http://localhost:8080/ops")
                .containsEntry("prompt", "login");
        assertThat(Form.query(shownFor(Wish.of("openid")))).doesNotContainKeys("resource", "prompt");
    }

    private URI shownFor(Wish wish) {
        CompletableFuture<URI> shown = new CompletableFuture<>();
        assertThatExceptionOfType(OAuthException.class)
                .isThrownBy(() -> new LoopbackSignIn(fake.issuer(), tokens, Duration.ofMillis(50))
                        .signIn("firebreak-cli", wish, shown::complete));
        return shown.join();
    }

    @Test
    void tellsWhoeverIsNoOperatorHowToSignInAsOne() {
        AuthorizationRequest request = AuthorizationRequest.create(
                fake.issuer(), "firebreak-cli", Wish.of("keys:manage"), "http://127.0.0.1/");

        assertThatExceptionOfType(OAuthException.class)
                .isThrownBy(() -> request.code(Map.of("state", request.state(), "error", "access_denied")))
                .satisfies(refused -> assertThat(refused.advice()).contains("--step-up"));
    }

    @Test
    void waitsForAPersonOnlySoLong() {
        assertThatExceptionOfType(OAuthException.class)
                .isThrownBy(() -> new LoopbackSignIn(fake.issuer(), tokens, Duration.ofMillis(50))
                        .signIn("firebreak-cli", Wish.of("openid"), address -> {}))
                .withMessageContaining("nobody signed in");
    }

    @Test
    void keepsTokensFromOtherUsers() throws IOException {
        StoredTokens stored = StoredTokens.ofUser(temp.resolve("cli"));
        assertThat(stored.load()).isEmpty();

        stored.save(new Tokens("a", null, NOW));

        assertThat(stored.load()).hasValue(new Tokens("a", null, NOW));
        assertThat(StoredTokens.ofOperator(temp.resolve("cli")).load())
                .as("another sign-in")
                .isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(stored.file())))
                .isEqualTo("rw-------");
    }

    @Test
    void makesTheChallengeOfRfc7636() {
        assertThat(new Pkce("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").challenge())
                .isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    private Tokens byForm(String password) {
        return new FormSignIn(fake.issuer(), tokens, patient(FormSignIn.browser()))
                .signIn("firebreak-cli", "openid", FakeIssuer.USER, password);
    }

    private PatientHttp patient(HttpClient http) {
        return PatientHttp.over(http, InstantSource.fixed(NOW), notices::add);
    }

    private static HttpClient http() {
        return HttpClient.newHttpClient();
    }

    private static HttpResponse<String> get(String uri) throws Exception {
        return http().send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString());
    }
}
