package dev.firebreak.auth.sso;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class FreshProofTest {
    static final Instant AUTH_TIME = Instant.parse("2026-11-23T09:00:00Z");
    static final SsoSession SESSION = new SsoSession(
            UUID.randomUUID(), UUID.randomUUID(), AUTH_TIME, List.of("pwd"), "urn:firebreak:acr:1", AUTH_TIME);

    @ParameterizedTest
    @CsvSource({
        "/auth/oauth2/authorize, prompt, login, true",
        "/auth/oauth2/authorize, prompt, consent login, true",
        "/auth/oauth2/authorize, prompt, select_account, true",
        "/auth/oauth2/authorize, prompt, none, false",
        "/auth/oauth2/authorize, prompt, consent, false",
        "/auth/oauth2/authorize, max_age, 0, true",
        "/auth/oauth2/authorize, max_age, 59, true",
        "/auth/oauth2/authorize, max_age, 60, false",
        "/auth/oauth2/authorize, max_age, 99999999999, false",
        "/auth/oauth2/authorize, max_age, -1, false",
        "/auth/oauth2/authorize, max_age, soon, false",
        "/auth/account, prompt, login, false"
    })
    void demandsAProofOnlyWhereTheRequestDoes(String path, String parameter, String value, boolean demanded) {
        MockHttpServletRequest request = new MockHttpServletRequest("GET", path);
        request.setContextPath("/auth");
        request.setParameter(parameter, value);

        assertThat(FreshProof.isDemanded(request, SESSION, AUTH_TIME.plus(Duration.ofMinutes(1))))
                .isEqualTo(demanded);
    }
}
