package dev.firebreak.auth.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.contracts.http.Headers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletRequest;

class ClientNetworkTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.7, 192.0.2.7",
        "2001:db8:1:2:3:4:5:6, 20010db800010002/64",
        "2001:db8:1:2:ffff::1, 20010db800010002/64",
        "::ffff:192.0.2.7, 192.0.2.7",
        "evil.example, unknown",
        "'', unknown"
    })
    void takesTheGatewaysWord(String header, String network) {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.addHeader(Headers.CLIENT_ADDRESS, header);

        assertThat(ClientNetwork.of(request)).isEqualTo(network);
    }

    @Test
    void thePeerCountsWithoutAGateway() {
        MockHttpServletRequest request = new MockHttpServletRequest();
        request.setRemoteAddr("198.51.100.1");

        assertThat(ClientNetwork.of(request)).isEqualTo("198.51.100.1");
    }
}
