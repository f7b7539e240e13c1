package dev.firebreak.gateway.platform;

import io.netty.channel.ChannelPipeline;
import java.time.Duration;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;

/** Bounds on slow clients. Sizes of headers and the idle time-out are plain server.* settings. */
@Component
class ServerLimits implements NettyServerCustomizer {
    /** Between two parts of a request's body. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);

    private final Duration requestTime;

    ServerLimits(GatewayProperties gateway) {
        this.requestTime = gateway.limits().requestTime();
    }

    @Override
    public HttpServer apply(HttpServer server) {
        return server.readTimeout(READ_TIMEOUT).doOnChannelInit((_, channel, _) -> {
            ChannelPipeline pipeline = channel.pipeline();
            pipeline.addAfter(NettyPipeline.HttpCodec, "firebreak.requestTime", new RequestTime(requestTime));
        });
    }
}
