package dev.firebreak.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.gateway.Client.Answer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Services that break off where a server of any library would not: at once, or between headers and body. */
class BrokenAnswerIT {
    private static final String HEADERS =
            "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nETag: \"1\"\r\nContent-Length: 20\r\n\r\n";

    /** What a connection lives through. */
    private interface Fate {
        void of(Socket connection) throws IOException;
    }

    @Test
    void aConnectionThatClosesAtOnceIsNoAnswer() throws Exception {
        Answer answer = post(connection -> connection.setSoLinger(true, 0));

        assertUnavailable(answer, "service.upstream_unavailable");
    }

    @Test
    void anAnswerThatEndsAfterItsHeadersIsNoAnswer() throws Exception {
        Answer answer = post(connection -> {
            readHead(connection);
            send(connection);
        });

        assertUnavailable(answer, "service.upstream_unavailable");
    }

    @Test
    void anAnswerThatIsResetAfterItsHeadersIsNoAnswer() throws Exception {
        Answer answer = post(connection -> {
            readHead(connection);
            send(connection);
            connection.setSoLinger(true, 0);
        });

        assertUnavailable(answer, "service.upstream_unavailable");
    }

    @Test
    void anAnswerThatStallsAfterItsHeadersIsLate() throws Exception {
        Answer answer = post(connection -> {
            readHead(connection);
            send(connection);
            // Until the gateway has enough and closes.
            while (connection.getInputStream().read() >= 0) {
                continue;
            }
        });

        assertUnavailable(answer, "service.upstream_timeout");
        assertThat(answer.took()).isLessThan(Duration.ofSeconds(12));
    }

    private static void assertUnavailable(Answer answer, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        assertThat(answer.code()).isEqualTo(code);
        assertThat(answer.header("Retry-After")).matches("[1-9]|10");
        assertThat(answer.header("ETag"))
                .as("nothing of the broken answer shows")
                .isNull();
        assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    }

    private static Answer post(Fate fate) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(server, fate));
            try (TestGateway gateway =
                    TestGateway.start(Map.of("gateway.tasks-upstream", "http://127.0.0.1:" + server.getLocalPort()))) {
                return gateway.client().bearer(gateway.issuer().accessToken()).send("POST", "/api/v1/tasks", "{}");
            }
        }
    }

    private static void serve(ServerSocket server, Fate fate) {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                Thread.ofVirtual().start(() -> meet(connection, fate));
            } catch (IOException e) {
                // The test is over.
                return;
            }
        }
    }

    private static void meet(Socket connection, Fate fate) {
        try (connection) {
            fate.of(connection);
        } catch (IOException e) {
            // The gateway was first.
            return;
        }
    }

    private static void readHead(Socket connection) throws IOException {
        int matched = 0;
        while (matched < 4) {
            int next = connection.getInputStream().read();
            if (next < 0) {
                throw new IOException("no request");
            }
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        // The body of two bytes.
        connection.getInputStream().readNBytes(2);
    }

    private static void send(Socket connection) throws IOException {
        OutputStream out = connection.getOutputStream();
        out.write(HEADERS.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
