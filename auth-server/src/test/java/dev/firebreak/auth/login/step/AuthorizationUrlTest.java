package dev.firebreak.auth.login.step;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthorizationUrlTest {
    static final String BASE = "/auth/oauth2/authorize?";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/auth/oauth2/authorize?x=1",
                "//evil.example/auth/oauth2/authorize?x=1",
                "/auth/oauth2/authorize",
                "/auth/oauth2/authorize?",
                "/auth/oauth2/authorize/../logout?x=1",
                "/auth/oauth2/authorizeX?x=1",
                "/auth/login?x=1",
                "/auth/oauth2/authorize?x=1\r\nSet-Cookie:a=b",
                "/auth/oauth2/authorize?x=%zz",
                "/auth/oauth2/authorize?x=<script>",
                ""
            })
    void nothingElseCanBeGoneBackTo(String url) {
        assertThat(AuthorizationUrl.parse(url)).isEmpty();
    }

    @Test
    void nothingLongerThanACookieCanHoldIsSaved() {
        assertThat(AuthorizationUrl.parse(BASE + "x=" + "a".repeat(1900))).isPresent();
        assertThat(AuthorizationUrl.parse(BASE + "x=" + "a".repeat(2048))).isEmpty();
    }

    @Test
    void keepsEveryOtherParameterAsItWas() {
        String query =
                "response_type=code&client_id=gateway&redirect_uri=http%3A%2F%2Flocalhost%3A8080%2Flogin%2Fcallback"
                        + "&scope=openid%20tasks%3Aread+email&state=a%3D%3D&code_challenge=x-_y&login_hint=a%2Bb%40example.com&flag";

        assertThat(AuthorizationUrl.toReturnTo(BASE + query)).contains(new AuthorizationUrl(BASE + query));
    }

    @ParameterizedTest
    @CsvSource({
        "prompt=login&a=1, a=1",
        "a=1&prompt=select_account, a=1",
        "a=1&prompt=login%20consent&b=2, a=1&prompt=consent&b=2",
        "a=1&prompt=login+consent, a=1&prompt=consent",
        "a=1&prompt=consent, a=1&prompt=consent",
        "max_age=0&a=1, a=1",
        "a=1&%70rompt=login, a=1"
    })
    void dropsWhatTheSignInFulfils(String query, String left) {
        assertThat(AuthorizationUrl.toReturnTo(BASE + query)).contains(new AuthorizationUrl(BASE + left));
    }

    @Test
    void readsDecodedParameters() {
        AuthorizationUrl url = new AuthorizationUrl(BASE + "login_hint=a%2Bb%40x.example&scope=a+b%20c&empty");

        assertThat(url.parameter("login_hint")).contains("a+b@x.example");
        assertThat(url.parameter("scope")).contains("a b c");
        assertThat(url.parameter("empty")).contains("");
        assertThat(url.parameter("absent")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://127.0.0.1:51234/callback, http://127.0.0.1:51234",
        "HTTPS://app.example/cb?x=1, https://app.example",
        "http://[::1]:8080/cb, http://[::1]:8080",
    })
    void knowsWhereTheBrowserWillEndUp(String redirect, String origin) {
        assertThat(withRedirect(redirect).clientOrigin()).contains(origin);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"javascript:alert(1)", "com.example.app:/cb", "http:/cb", "https://x y/", "data:text/html,x", ""
            })
    void namesNoOriginThatIsNone(String redirect) {
        assertThat(withRedirect(redirect).clientOrigin()).isEmpty();
    }

    static AuthorizationUrl withRedirect(String redirect) {
        return new AuthorizationUrl(
                BASE + "redirect_uri=" + java.net.URLEncoder.encode(redirect, java.nio.charset.StandardCharsets.UTF_8));
    }
}
