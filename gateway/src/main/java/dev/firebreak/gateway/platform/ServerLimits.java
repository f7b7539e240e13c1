package dev.firebreak.gateway.platform;

import java.time.Duration;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.http.server.HttpServer;

/**
 * Bounds on slow clients. Sizes of headers and the idle time-out are plain server.* settings. A whole request is bounded
 * where its body is read, by the call of the service. The server's own {@code requestTimeout} would keep every request that
 * was answered before its end was read in memory until that time-out: 30 s of them filled the heap under overload (ADR 15).
 */
@Component
class ServerLimits implements NettyServerCustomizer {
    /** Between two parts of a request's body. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    @Override
    public HttpServer apply(HttpServer server) {
        return server.readTimeout(READ_TIMEOUT);
    }
}
