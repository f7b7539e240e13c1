package dev.firebreak.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.starter.lane.Lane;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class LanesOfServerTest {
    @ParameterizedTest
    @CsvSource({
        "/oauth2/token, refresh_token, KEEP",
        "/oauth2/token, authorization_code, LOGIN",
        "/oauth2/token, client_credentials, SERVICE",
        "/oauth2/token, urn:ietf:params:oauth:grant-type:token-exchange, KEEP",
        "/oauth2/token, whatever, LOGIN",
        "/oauth2/token, , LOGIN",
        "/oauth2/revoke, , KEEP",
        "/internal/v1/sessions/0e7f/end, , KEEP",
        "/internal/v1/ops/trust/revocations, , KEEP",
        "/api/v1/ops/trust/revocations, , KEEP",
        "/internal/v1/ops/trust, , USER",
        "/internal/v1/ops/users, , USER",
        "/api/v1/ops/users, , USER",
        "/userinfo, , USER",
        "/oauth2/authorize, , LOGIN",
        "/login, , LOGIN",
        "/logout, , LOGIN",
        "/nothing, refresh_token, LOGIN"
    })
    void whatKeepsSessionsComesFirst(String path, String grant, Lane lane) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/auth" + path);
        request.setServletPath(path);
        if (grant != null) {
            request.setParameter("grant_type", grant);
        }

        assertThat(new LanesOfServer().laneOf(request)).isEqualTo(lane);
    }
}
