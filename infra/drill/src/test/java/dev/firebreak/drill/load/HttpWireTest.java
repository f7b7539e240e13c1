package dev.firebreak.drill.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class HttpWireTest {
    private final AtomicInteger connections = new AtomicInteger();

    /** Sends these answers on each connection, one a request, then closes it. */
    private ServerSocket server(String... answers) throws IOException {
        ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (true) {
                try (Socket socket = listener.accept()) {
                    connections.incrementAndGet();
                    for (String answer : answers) {
                        if (socket.getInputStream().read(new byte[4096]) < 0) {
                            break;
                        }
                        socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                    }
                } catch (IOException closed) {
                    return;
                }
            }
        });
        return listener;
    }

    private static HttpWire wire(ServerSocket server, Duration timeout) {
        return new HttpWire(server.getLocalPort(), "localhost", timeout, 10);
    }

    @Test
    void readsLengthsAndChunksOnOneConnection() throws IOException {
        try (ServerSocket server = server(
                        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\nhello",
                        "HTTP/1.1 503 \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n",
                        "HTTP/1.1 204 No Content\r\n\r\n");
                HttpWire wire = wire(server, Duration.ofSeconds(5))) {
            Answer first = wire.send(Request.get("/"));
            Answer second = wire.send(Request.post("/", "text/plain", "x"));
            Answer third = wire.send(Request.get("/"));

            assertThat(first.text()).isEqualTo("hello");
            assertThat(first.headers("set-cookie")).isEqualTo(List.of("a=1", "b=2"));
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.text()).isEqualTo("abcde");
            assertThat(third.status()).isEqualTo(204);
            assertThat(connections).hasValue(1);
        }
    }

    @Test
    void aConnectionThatEndedWhileIdleIsReplaced() throws IOException {
        try (ServerSocket server = server("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                HttpWire wire = wire(server, Duration.ofSeconds(5))) {
            assertThat(wire.send(Request.get("/")).status()).isEqualTo(200);
            assertThat(wire.send(Request.get("/")).status()).isEqualTo(200);
            assertThat(connections).hasValue(2);
        }
    }

    @Test
    void aSilentServerIsATimeout() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                HttpWire wire = wire(server, Duration.ofMillis(200))) {
            assertThatThrownBy(() -> wire.send(Request.get("/"))).isInstanceOf(SocketTimeoutException.class);
        }
    }
}
