package dev.firebreak.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.system.harness.Answer;
import dev.firebreak.system.harness.Await;
import dev.firebreak.system.harness.Browser;
import dev.firebreak.system.harness.CookieJar.Cookie;
import dev.firebreak.system.harness.HtmlForm;
import dev.firebreak.system.harness.Person;
import dev.firebreak.system.harness.SystemStack;
import dev.firebreak.system.harness.Tasks;
import dev.firebreak.system.harness.WithStack;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The way in and the way out, as a browser without JavaScript goes it. */
@WithStack
class SignInIT {
    private final SystemStack stack;

    SignInIT(SystemStack stack) {
        this.stack = stack;
    }

    @Test
    void leadsThroughTheFormBackToThePageAskedFor() {
        Browser browser = stack.browser();

        Answer form = browser.navigate("/login?return_to=%2F%3Ffrom%3Dlink");
        Answer arrived = stack.users().fillIn(browser, form, Person.ALICE);

        assertThat(form.uri().getPath()).isEqualTo("/auth/login");
        assertThat(arrived.uri()).isEqualTo(stack.origin().resolve("/?from=link"));
        JsonNode session = browser.fetch("GET", "/session", null).expect(200).json();
        assertThat(session.path("user").path("email").asString()).isEqualTo("alice@example.com");
        assertThat(session.path("renewal").asString()).isEqualTo("ok");
        assertThat(session.path("valid_until").asString()).isNotBlank();
        Tasks.of(browser).list().expect(200);
    }

    @Test
    void keepsNothingButHttpOnlyLaxCookies() {
        Browser browser = stack.users().signedIn(Person.ALICE);

        assertThat(browser.cookies().all()).isNotEmpty().allSatisfy(cookie -> {
            assertThat(cookie.httpOnly()).as(cookie.toString()).isTrue();
            assertThat(cookie.sameSite()).as(cookie.toString()).isEqualTo("Lax");
            assertThat(cookie.secure())
                    .as("plain http on localhost: %s", cookie)
                    .isFalse();
        });
        assertThat(browser.cookies().find(sessionCookie()).map(Cookie::path)).contains("/");
        assertThat(browser.cookies().find("firebreak-sso").map(Cookie::path)).contains("/auth");
    }

    @Test
    void handsNoTokenToTheBrowser() {
        Browser browser = stack.users().signedIn(Person.ALICE);

        String session = browser.fetch("GET", "/session", null).body();

        assertThat(session).doesNotContain("eyJ").doesNotContain("rt1.");
        assertThat(browser.cookies().find(sessionCookie()).orElseThrow().value())
                .startsWith("v1.")
                .doesNotContain("eyJ")
                .doesNotContain("rt1.");
    }

    @Test
    void leavesNoLoginCookieBehind() {
        Browser browser = stack.users().signedIn(Person.ALICE);

        assertThat(browser.cookies().all())
                .extracting(Cookie::name)
                .noneMatch(name -> name.contains("-login-"))
                .doesNotContain("firebreak-signin");
    }

    @Test
    void asksAgainWhenThePasswordIsWrong() {
        Browser browser = stack.browser();
        Person person = stack.users().create();
        Answer form = browser.navigate("/login?return_to=/");

        Answer refused = stack.users().fillIn(browser, form, new Person(person.email(), "not the password"));

        assertThat(refused.uri().getPath()).isEqualTo("/auth/login");
        assertThat(refused.body()).contains("role=\"alert\"").doesNotContain("not the password");
        assertThat(browser.cookies().find(sessionCookie())).isEmpty();
        assertThat(browser.cookies().find("firebreak-sso")).isEmpty();

        Answer arrived = stack.users().fillIn(browser, refused, person);
        assertThat(arrived.uri().getPath()).isEqualTo("/");
    }

    @Test
    void saysNoMoreOfAnUnknownAccountThanOfAWrongPassword() {
        Person known = stack.users().create();

        Answer wrong = attempt(new Person(known.email(), "wrong"));
        Answer unknown = attempt(new Person("nobody@example.com", "wrong"));

        assertThat(unknown.status()).isEqualTo(wrong.status());
        assertThat(normalised(unknown, "nobody@example.com")).isEqualTo(normalised(wrong, known.email()));
    }

    @Test
    void refusesTheFormWithoutItsCsrfSecret() {
        Browser browser = stack.browser();
        HtmlForm form = HtmlForm.withField(browser.navigate("/login?return_to=/"), "password")
                .with("username", Person.ALICE.email())
                .with("password", Person.ALICE.password())
                .with("_csrf", "forged");

        Answer refused = browser.submit(form);

        assertThat(browser.cookies().find("firebreak-sso"))
                .as(refused::toString)
                .isEmpty();
        assertThat(browser.cookies().find(sessionCookie())).isEmpty();
    }

    @Test
    void refusesACallbackWhoseStateItDidNotMake() {
        Browser browser = stack.browser();

        Answer refused = browser.navigateOnce("/login/callback?code=abc&state=foreign");

        refused.expect(400);
        assertThat(browser.cookies().find(sessionCookie())).isEmpty();
    }

    @Test
    void refusesACallbackFromAnotherBrowsersSignIn() {
        Browser attacker = stack.browser();
        Browser victim = stack.browser();
        Answer form = attacker.navigate("/login?return_to=/");
        Answer step = attacker.submitOnce(HtmlForm.withField(form, "password")
                .with("username", Person.BOB.email())
                .with("password", Person.BOB.password()));
        while (step.location() != null && !step.location().getPath().equals("/login/callback")) {
            step = attacker.navigateOnce(pathOf(step));
        }

        Answer refused = victim.arriveFrom("elsewhere", pathOf(step));

        refused.expect(400);
        assertThat(victim.cookies().find(sessionCookie())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "//evil.example/",
                "/\\evil.example/",
                "http://localhost:1/",
                "javascript:alert(1)",
                "%2F%2Fevil.example"
            })
    void returnsToItsOwnOriginOnly(String target) {
        Browser browser = stack.browser();

        Answer start = browser.navigateOnce(
                "/login?return_to=" + HtmlForm.encode(Map.of("x", target)).substring(2));

        if (start.status() == 303) {
            Answer form = browser.navigate(pathOf(start));
            Answer end = stack.users().fillIn(browser, form, Person.ALICE);
            assertThat(end.uri().getAuthority()).isEqualTo(stack.origin().getAuthority());
            assertThat(end.location()).as("left the origin: %s", end).isNull();
        } else {
            start.expect(400);
        }
    }

    @Test
    void keepsASecondSignInToOneClick() {
        Browser browser = stack.users().signedIn(Person.ALICE);
        browser.cookies().remove(sessionCookie());

        Answer arrived = browser.navigate("/login?return_to=/");

        assertThat(arrived.uri().getPath())
                .as("no form while the SSO session lives")
                .isEqualTo("/");
        browser.fetch("GET", "/session", null).expect(200);
    }

    @Test
    void logsOutEverywhere() {
        Browser browser = stack.users().signedIn(Person.ALICE);
        Browser stolen = browser.copy();

        Answer out = browser.fetch("POST", "/logout", null).expect(200);

        assertThat(out.json().path("everywhere").asBoolean()).isTrue();
        assertThat(browser.cookies().find(sessionCookie())).isEmpty();
        browser.fetch("GET", "/session", null).expectProblem(401, "auth.token_missing");
        Answer gone = Await.until(
                "signed out", Duration.ofSeconds(5), () -> Tasks.of(stolen).list(), a -> a.status() == 401);
        gone.expectProblem(401, "session.ended");
        Answer form = browser.navigate("/login?return_to=/");
        assertThat(form.uri().getPath()).as("the SSO session is over too").isEqualTo("/auth/login");
    }

    @Test
    void logsOutByAPlainFormToo() {
        Browser browser = stack.users().signedIn(Person.ALICE);
        HtmlForm form = new HtmlForm("POST", stack.origin().resolve("/logout"), Map.of());

        Answer out = browser.submitOnce(form).expect(303);

        assertThat(out.location()).isEqualTo(stack.origin().resolve("/"));
        assertThat(browser.cookies().find(sessionCookie())).isEmpty();
    }

    @Test
    void replacesABrokenCookieAtSignIn() {
        Browser browser = stack.browser();
        browser.cookies().put(new Cookie(sessionCookie(), "v1.unknown.AAAA", "/", true, false, "Lax", Instant.MAX));

        stack.users().signIn(browser, Person.ALICE);

        Tasks.of(browser).list().expect(200);
    }

    @Test
    void clearsACookieThatWasTamperedWith() {
        Browser browser = stack.users().signedIn(Person.ALICE);
        Cookie genuine = browser.cookies().find(sessionCookie()).orElseThrow();
        browser.cookies().put(withValue(genuine, flipLast(genuine.value())));

        browser.fetch("GET", "/session", null).expectProblem(401, "session.invalid");

        assertThat(browser.cookies().find(sessionCookie())).isEmpty();
    }

    @Test
    void keepsACookieUnderAKeyItDoesNotKnow() {
        Browser browser = stack.users().signedIn(Person.ALICE);
        Cookie genuine = browser.cookies().find(sessionCookie()).orElseThrow();
        String[] parts = genuine.value().split("\\.", 3);
        browser.cookies().put(withValue(genuine, parts[0] + ".notyet." + parts[2]));

        browser.fetch("GET", "/session", null).expectProblem(503, "session.key_unknown");

        assertThat(browser.cookies().find(sessionCookie())).as("kept").isPresent();
    }

    @Test
    void redirectsOnlyNavigations() {
        Browser browser = stack.browser();

        browser.fetch("GET", "/session", null).expectProblem(401, "auth.token_missing");
        Tasks.of(browser).list().expectProblem(401, "auth.token_missing");
    }

    private Answer attempt(Person person) {
        Browser browser = stack.browser();
        return stack.users().fillIn(browser, browser.navigate("/login?return_to=/"), person);
    }

    /** The page without what differs by design: the typed address and the form's own secret. */
    private static String normalised(Answer page, String email) {
        return page.body().replace(email, "").replaceAll("name=\"_csrf\" value=\"[^\"]*\"", "");
    }

    private String sessionCookie() {
        return "firebreak-" + stack.origin().getPort();
    }

    private static String pathOf(Answer redirect) {
        var location = redirect.location();
        return location.getRawPath() + (location.getRawQuery() == null ? "" : "?" + location.getRawQuery());
    }

    private static Cookie withValue(Cookie cookie, String value) {
        return new Cookie(
                cookie.name(),
                value,
                cookie.path(),
                cookie.httpOnly(),
                cookie.secure(),
                cookie.sameSite(),
                cookie.expires());
    }

    private static String flipLast(String value) {
        // Not the very last character: its low bits may be padding.
        int at = value.length() - 8;
        return value.substring(0, at) + (value.charAt(at) == 'A' ? 'B' : 'A') + value.substring(at + 1);
    }
}
