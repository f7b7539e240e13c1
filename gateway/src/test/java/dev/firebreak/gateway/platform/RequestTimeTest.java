package dev.firebreak.gateway.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RequestTimeTest {
    private static final long NOTHING_PENDING = -1;

    private final EmbeddedChannel channel = new EmbeddedChannel(new RequestTime(Duration.ofSeconds(30)));

    @BeforeEach
    void freeze() {
        channel.freezeTime();
    }

    @Test
    void aRequestThatTricklesLosesItsConnection() {
        channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"));
        for (int second = 0; second < 29; second++) {
            pass(1);
            channel.writeInbound(new DefaultHttpContent(Unpooled.wrappedBuffer(new byte[1])));
        }
        assertThat(channel.isOpen()).isTrue();

        pass(1);

        assertThat(channel.isOpen()).isFalse();
        channel.releaseInbound();
    }

    @Test
    void aWholeRequestLeavesNoTimerBehind() {
        channel.writeInbound(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"), LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(NOTHING_PENDING);

        channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"));
        assertThat(channel.runScheduledPendingTasks()).isPositive();
        channel.writeInbound(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(channel.runScheduledPendingTasks()).isEqualTo(NOTHING_PENDING);
        pass(60);
        assertThat(channel.isOpen()).isTrue();
        channel.releaseInbound();
    }

    @Test
    void aConnectionThatEndsLeavesNoTimerBehind() {
        channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/"));

        channel.close();

        assertThat(channel.runScheduledPendingTasks()).isEqualTo(NOTHING_PENDING);
        channel.releaseInbound();
    }

    private void pass(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }
}
