package dev.firebreak.gateway.platform;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose request is still not whole after a while: against clients that send a byte now and then, which
 * no time-out between reads notices, also when the request was answered long ago. One a connection, on its event loop.
 *
 * <p>It stands behind the codec, where it sees every request's end. reactor-netty's {@code requestTimeout} does not see the
 * end of a request that was answered before, and keeps all of it in memory until the time-out.
 */
final class RequestTime extends ChannelInboundHandlerAdapter {
    private final Duration longest;
    private boolean open;
    private @Nullable Future<?> timer;

    RequestTime(Duration longest) {
        this.longest = longest;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        // Both, when the codec has the whole request at once.
        if (message instanceof HttpRequest) {
            open = true;
        }
        if (message instanceof LastHttpContent) {
            open = false;
            stop();
        }
        context.fireChannelRead(message);
    }

    /** Most requests are whole by now, and need no timer. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (open && timer == null) {
            timer = context.executor().schedule(() -> context.close(), longest.toMillis(), TimeUnit.MILLISECONDS);
        }
        context.fireChannelReadComplete();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        stop();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }

    private void stop() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
