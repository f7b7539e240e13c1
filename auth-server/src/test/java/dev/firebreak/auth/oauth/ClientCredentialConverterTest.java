package dev.firebreak.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.contracts.http.Headers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class ClientCredentialConverterTest {
    static final String ADDRESS = "10.0.0.7";

    final TokenLimits limits = new TokenLimits(
            new TokenLimitProperties(5, 3, 2, 4, 10, 100), Clock.systemUTC(), new SimpleMeterRegistry());
    final ClientCredentialConverter converter = new ClientCredentialConverter(limits);

    @BeforeEach
    void tooManyFailures() {
        for (int i = 0; i < 3; i++) {
            limits.failed(ADDRESS);
        }
    }

    @Test
    void failuresOfAnotherProcessDoNotKeepAnAssertionOfOursOut() {
        assertThat(converter.convert(withAssertion()).getName()).isEqualTo("gateway");
    }

    @Test
    void anAddressThatFailedTooOftenIsRefusedWhenItComesByTheGateway() {
        MockHttpServletRequest request = withAssertion();
        request.setRemoteAddr("127.0.0.1");
        request.addHeader(Headers.CLIENT_ADDRESS, ADDRESS);

        slowDown(request);
    }

    @Test
    void anAddressThatFailedTooOftenIsRefusedWithoutAnAssertion() {
        MockHttpServletRequest request = request();
        request.setParameter("client_id", "firebreak-cli");

        slowDown(request);
    }

    private void slowDown(MockHttpServletRequest request) {
        assertThatExceptionOfType(OAuthFailure.class)
                .isThrownBy(() -> converter.convert(request))
                .satisfies(e -> assertThat(e.getError().getErrorCode()).isEqualTo(OAuthFailure.SLOW_DOWN));
    }

    private static MockHttpServletRequest withAssertion() {
        MockHttpServletRequest request = request();
        request.setParameter("client_id", "gateway");
        request.setParameter("client_assertion", "a.b.c");
        request.setParameter("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
        return request;
    }

    private static MockHttpServletRequest request() {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/oauth2/token");
        request.setRemoteAddr(ADDRESS);
        return request;
    }
}
