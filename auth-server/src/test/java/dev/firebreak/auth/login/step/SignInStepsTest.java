package dev.firebreak.auth.login.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.sealing.Seal;
import jakarta.servlet.http.Cookie;
import java.net.HttpCookie;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class SignInStepsTest {
    static final String ORIGIN = "http://localhost:8080";
    static final String TARGET = "/auth/oauth2/authorize?client_id=gateway&state=1";

    Instant now = Instant.parse("2026-11-23T09:00:00Z");
    final SignInSteps steps = steps(ORIGIN);
    final SignInRequestCache cache = new SignInRequestCache(steps);

    SignInSteps steps(String origin) {
        return new SignInSteps(
                new Seal(new byte[32], SignInSteps.COOKIE + " " + origin), origin.startsWith("https"), () -> now);
    }

    static MockHttpServletRequest request(String url) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", url.replaceFirst("\\?.*", ""));
        request.setContextPath("/auth");
        if (url.contains("?")) {
            request.setQueryString(url.replaceFirst("[^?]*\\?", ""));
        }
        return request;
    }

    /** The browser's next request, with the cookie that the answer set. */
    static MockHttpServletRequest next(MockHttpServletResponse response, String url) {
        MockHttpServletRequest request = request(url);
        List<HttpCookie> cookies = HttpCookie.parse("Set-Cookie: " + response.getHeader("Set-Cookie"));
        request.setCookies(new Cookie(SignInSteps.COOKIE, cookies.getFirst().getValue()));
        return request;
    }

    @Test
    void carriesSecretAndTargetFromOneRequestToTheNext() {
        MockHttpServletResponse response = new MockHttpServletResponse();
        cache.saveRequest(request(TARGET), response);

        SignInStep step = steps.current(next(response, "/auth/login")).orElseThrow();

        assertThat(step.target()).isEqualTo(new AuthorizationUrl(TARGET));
        assertThat(step.csrf()).hasSize(43);
        assertThat(response.getHeader("Set-Cookie"))
                .contains("firebreak-signin=", "Path=/auth", "HttpOnly", "SameSite=Lax", "Max-Age=600")
                .doesNotContain("Secure");
    }

    @Test
    void carriesWhatALinkHeldBesideASignInUnderWay() {
        MockHttpServletResponse begun = new MockHttpServletResponse();
        cache.saveRequest(request(TARGET), begun);
        MockHttpServletResponse opened = new MockHttpServletResponse();
        steps.beginReset("the-token", next(begun, "/auth/reset"), opened);

        SignInStep step = steps.current(next(opened, "/auth/reset")).orElseThrow();

        assertThat(step.reset()).isEqualTo("the-token");
        assertThat(step.target()).isEqualTo(new AuthorizationUrl(TARGET));
        assertThat(step.toString()).doesNotContain("the-token");
        assertThat(opened.getHeader("Set-Cookie")).doesNotContain("the-token");
    }

    @Test
    void writesAStepWithoutALinkAsTheVersionBeforeReadsIt() {
        SignInStep step = new SignInStep("secret", null, now);

        assertThat(step.toText().lines()).hasSizeLessThanOrEqualTo(3);
        assertThat(SignInStep.parse(step.toText())).contains(step);
        assertThat(SignInStep.parse(step.resetting("t").toText())).contains(step.resetting("t"));
        assertThat(SignInStep.parse(step.resetting("t").toText() + "\nmore")).isEmpty();
    }

    @Test
    void isSecureBehindHttps() {
        MockHttpServletResponse response = new MockHttpServletResponse();
        steps("https://app.example").beginOrContinue(request("/auth/login"), response);

        assertThat(response.getHeader("Set-Cookie")).contains("Secure");
    }

    @Test
    void endsAfterTenMinutesAndLivesOnWithEachPage() {
        MockHttpServletResponse first = new MockHttpServletResponse();
        steps.beginOrContinue(request("/auth/login"), first);
        now = now.plus(Duration.ofMinutes(9));
        MockHttpServletResponse second = new MockHttpServletResponse();
        steps.beginOrContinue(next(first, "/auth/login"), second);
        now = now.plus(Duration.ofMinutes(9));

        assertThat(steps.current(next(first, "/auth/login"))).isEmpty();
        assertThat(steps.current(next(second, "/auth/login"))).isPresent();
        now = now.plus(Duration.ofMinutes(1));
        assertThat(steps.current(next(second, "/auth/login"))).isEmpty();
    }

    @Test
    void aStepOfAnotherOriginIsNone() {
        MockHttpServletResponse response = new MockHttpServletResponse();
        steps("https://other.example").beginOrContinue(request("/auth/login"), response);

        assertThat(steps.current(next(response, "/auth/login"))).isEmpty();
    }

    @Test
    void twoTabsShareTheSecretAndTheLastTargetCounts() {
        MockHttpServletResponse first = new MockHttpServletResponse();
        cache.saveRequest(request(TARGET), first);
        String csrf = steps.current(next(first, "/auth/login")).orElseThrow().csrf();

        MockHttpServletResponse second = new MockHttpServletResponse();
        cache.saveRequest(next(first, TARGET + "2"), second);

        SignInStep step = steps.current(next(second, "/auth/login")).orElseThrow();
        assertThat(step.csrf()).isEqualTo(csrf);
        assertThat(step.target()).isEqualTo(new AuthorizationUrl(TARGET + "2"));
    }

    @Test
    void whatCannotBeSavedReplacesWhatWas() {
        MockHttpServletResponse first = new MockHttpServletResponse();
        cache.saveRequest(request(TARGET), first);
        MockHttpServletResponse second = new MockHttpServletResponse();

        cache.saveRequest(next(first, TARGET + "a".repeat(3000)), second);

        assertThat(steps.current(next(second, "/auth/login")).orElseThrow().target())
                .isNull();
    }

    @Test
    void savesNeitherAPostNorAnotherAddress() {
        MockHttpServletRequest post = request(TARGET);
        post.setMethod("POST");
        MockHttpServletResponse posted = new MockHttpServletResponse();
        cache.saveRequest(post, posted);
        MockHttpServletResponse elsewhere = new MockHttpServletResponse();
        cache.saveRequest(request("/auth/account?x=1"), elsewhere);

        assertThat(steps.current(next(posted, "/auth/login")).orElseThrow().target())
                .isNull();
        assertThat(steps.current(next(elsewhere, "/auth/login")).orElseThrow().target())
                .isNull();
    }

    @Test
    void theLargestStepFitsIntoACookie() {
        MockHttpServletResponse response = new MockHttpServletResponse();
        cache.saveRequest(request("/auth/oauth2/authorize?x=" + "a".repeat(2023)), response);

        assertThat(steps.current(next(response, "/auth/login")).orElseThrow().target())
                .isNotNull();
        assertThat(response.getHeader("Set-Cookie").length()).isLessThan(4096);
    }

    @Test
    void writesOneCookieHoweverOftenItIsAskedWithinOneAnswer() {
        MockHttpServletRequest request = request("/auth/login");
        MockHttpServletResponse response = new MockHttpServletResponse();

        SignInStep first = steps.beginOrContinue(request, response);
        SignInStep second = steps.beginOrContinue(request, response);

        assertThat(second).isEqualTo(first);
        assertThat(response.getHeaders("Set-Cookie")).hasSize(1);
    }
}
