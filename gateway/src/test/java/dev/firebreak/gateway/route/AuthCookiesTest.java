package dev.firebreak.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

class AuthCookiesTest {
    @Test
    void passesOnlyTheAuthorizationServersOwn() {
        HttpHeaders headers = new HttpHeaders();
        headers.add("Cookie", "firebreak-8080=secret; firebreak-sso=a; other=1");
        headers.add("Cookie", "firebreak-signin=b; firebreak-sso-x=no; firebreak-sso; firebreak-connect=c");

        assertThat(AuthCookies.toAuthServer(headers))
                .contains("firebreak-sso=a; firebreak-signin=b; firebreak-connect=c");
        assertThat(AuthCookies.toAuthServer(new HttpHeaders())).isEmpty();
    }

    @Test
    void letsItSetOnlyItsOwn() {
        assertThat(AuthCookies.fromAuthServer(
                        List.of("firebreak-sso=a; Path=/auth", "firebreak-8080=forged; Path=/", "JSESSIONID=x")))
                .containsExactly("firebreak-sso=a; Path=/auth");
    }
}
