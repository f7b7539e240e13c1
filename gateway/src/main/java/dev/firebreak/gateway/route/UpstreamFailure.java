package dev.firebreak.gateway.route;

import dev.firebreak.contracts.error.ServiceError;
import dev.firebreak.contracts.error.ServiceException;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.timeout.ReadTimeoutException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.AbortedException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquirePendingLimitException;
import reactor.netty.internal.shaded.reactor.pool.PoolAcquireTimeoutException;

/** What a failed call of a service means to its caller: always infrastructure, never a verdict on the caller. */
final class UpstreamFailure {
    private UpstreamFailure() {}

    /** The documented failure; anything that is no failure of the call stays as it is. */
    static Throwable documented(Throwable failure) {
        return switch (rootOf(failure)) {
            case ServiceException known -> known;
            case PoolAcquirePendingLimitException _, PoolAcquireTimeoutException _ ->
                new ServiceException(
                        ServiceError.SATURATED, "All connections to the service are busy. Try again shortly.", failure);
            case ConnectTimeoutException _, UnknownHostException _ -> unavailable(failure);
            case ReadTimeoutException _, TimeoutException _ ->
                new ServiceException(ServiceError.UPSTREAM_TIMEOUT, "The service did not answer in time", failure);
            // Refused, reset, closed in the middle; the last when the connection was gone before anything was sent.
            case IOException _, AbortedException _ -> unavailable(failure);
            default -> failure;
        };
    }

    private static ServiceException unavailable(Throwable failure) {
        return new ServiceException(
                ServiceError.UPSTREAM_UNAVAILABLE, "The service behind the gateway cannot be reached", failure);
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable at = failure;
        for (int depth = 0; depth < 8; depth++) {
            @Nullable Throwable cause = at.getCause();
            boolean telling = at instanceof ServiceException
                    || at instanceof PoolAcquireTimeoutException
                    || at instanceof ConnectTimeoutException;
            if (cause == null || telling) {
                return at;
            }
            at = cause;
        }
        return at;
    }
}
