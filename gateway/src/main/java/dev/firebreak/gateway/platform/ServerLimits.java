package dev.firebreak.gateway.platform;

import java.time.Duration;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.http.server.HttpServer;

/** Bounds on slow clients. Sizes of headers and the idle time-out are plain server.* settings. */
@Component
class ServerLimits implements NettyServerCustomizer {
    /** Between two parts of a request's body. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    /** For a whole request, head and body. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(30);

    @Override
    public HttpServer apply(HttpServer server) {
        return server.readTimeout(READ_TIMEOUT).requestTimeout(REQUEST_TIMEOUT);
    }
}
