package dev.firebreak.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.contracts.error.ErrorCode;
import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

class UpstreamFailureTest {
    static Stream<Arguments> failures() {
        return Stream.of(
                Arguments.of(new ConnectException("refused"), ServiceError.UPSTREAM_UNAVAILABLE),
                Arguments.of(new ConnectTimeoutException("slow"), ServiceError.UPSTREAM_UNAVAILABLE),
                Arguments.of(new UnknownHostException("nowhere"), ServiceError.UPSTREAM_UNAVAILABLE),
                Arguments.of(new IOException("reset"), ServiceError.UPSTREAM_UNAVAILABLE),
                Arguments.of(new RuntimeException(new IOException("reset")), ServiceError.UPSTREAM_UNAVAILABLE),
                Arguments.of(ReadTimeoutException.INSTANCE, ServiceError.UPSTREAM_TIMEOUT),
                Arguments.of(new TimeoutException("late"), ServiceError.UPSTREAM_TIMEOUT),
                Arguments.of(new PoolAcquirePendingLimitException(1), ServiceError.SATURATED),
                Arguments.of(new PoolAcquireTimeoutException(java.time.Duration.ofSeconds(1)), ServiceError.SATURATED));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void meansInfrastructureWhateverWentWrongOnTheWay(Throwable failure, ErrorCode error) {
        assertThat(UpstreamFailure.documented(failure))
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        known -> assertThat(known.error()).isEqualTo(error));
    }

    @Test
    void keepsWhatIsDocumentedAlreadyAndWhatIsABug() {
        ServiceException known = new ServiceException(RequestError.TOO_LARGE, "too large");
        IllegalStateException bug = new IllegalStateException("bug");

        assertThat(UpstreamFailure.documented(new RuntimeException(known))).isSameAs(known);
        assertThat(UpstreamFailure.documented(bug)).isSameAs(bug);
    }
}
