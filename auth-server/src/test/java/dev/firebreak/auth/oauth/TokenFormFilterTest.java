package dev.firebreak.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.starter.problem.ProblemRenderer;
import dev.firebreak.starter.test.Eventually;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.DelegatingServletInputStream;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class TokenFormFilterTest {
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final TokenFormFilter filter = new TokenFormFilter(
            1, new OAuthErrors(new ProblemRenderer(List.of(), new Random()), Optional.empty(), new Random()), metrics);

    @Test
    void onlySoManyFormsAreReadAtOnce() throws Exception {
        PipedOutputStream client = new PipedOutputStream();
        var slow = request(new PipedInputStream(client));
        MockFilterChain passed = new MockFilterChain();
        AtomicReference<Exception> failure = new AtomicReference<>();
        Thread reading = Thread.ofPlatform().start(() -> {
            try {
                filter.doFilter(slow, new MockHttpServletResponse(), passed);
            } catch (Exception e) {
                failure.set(e);
            }
        });
        Eventually.within(
                Duration.ofSeconds(5),
                "read",
                () -> metrics.get("auth.token.forms").gauge().value() == 1);

        assertThatExceptionOfType(ServiceException.class)
                .isThrownBy(() -> filter.doFilter(
                        request(new ByteArrayInputStream(new byte[0])),
                        new MockHttpServletResponse(),
                        new MockFilterChain()))
                .extracting(ServiceException::error)
                .isEqualTo(ServiceError.SATURATED);

        client.write("grant_type=refresh_token&a=%C3%A4+b&a=2".getBytes(StandardCharsets.US_ASCII));
        client.close();
        reading.join();
        assertThat(failure.get()).isNull();
        assertThat(metrics.get("auth.token.forms").gauge().value()).isZero();
        assertThat(metrics.get("auth.token.forms.refused").counter().count()).isEqualTo(1);
        if (passed.getRequest() != null) {
            // Unless the machine stalled for the form's whole second.
            assertThat(passed.getRequest().getParameter("grant_type")).isEqualTo("refresh_token");
            assertThat(passed.getRequest().getParameterValues("a")).containsExactly("\u00e4 b", "2");
        }
    }

    private static MockHttpServletRequest request(InputStream body) {
        MockHttpServletRequest request = new MockHttpServletRequest("POST", "/auth/oauth2/token") {
            @Override
            public jakarta.servlet.ServletInputStream getInputStream() {
                return new DelegatingServletInputStream(body);
            }
        };
        request.setContentType("application/x-www-form-urlencoded");
        return request;
    }
}
