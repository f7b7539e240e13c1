package dev.firebreak.auth.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.firebreak.auth.ServerIT;
import dev.firebreak.auth.TestOAuth.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/** The form of a token request is small and comes at once, and what it asks for decides its lane. */
class TokenFormIT extends ServerIT {
    private static final String HEADERS = "POST /auth/oauth2/token HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/x-www-form-urlencoded\r\n";

    @Autowired
    MeterRegistry metrics;

    @Test
    void aRenewalIsInTheFirstLaneAndASignInIsNot() {
        double keep = acquires("keep");
        double login = acquires("login");
        String refreshToken = oauth.tokens(people.signIn()).text("refresh_token");
        assertThat(acquires("login")).isGreaterThan(login);
        assertThat(acquires("keep")).isEqualTo(keep);

        assertThat(oauth.refresh(refreshToken).status()).isEqualTo(200);

        assertThat(acquires("keep")).isEqualTo(keep + 1);
    }

    private double acquires(String lane) {
        return metrics.get("firebreak.pool.acquires").tags("pool", "identity", "lane", lane).counters().stream()
                .mapToDouble(it -> it.count())
                .sum();
    }

    @Test
    void aFormThatIsTooLargeIsRefusedWhetherItsLengthIsToldOrNot() throws IOException {
        Answer told = oauth.post("/auth/oauth2/token", Map.of("grant_type", "x".repeat(17_000)));
        assertThat(told.status()).isEqualTo(400);
        assertThat(told.text("error")).isEqualTo("invalid_request");

        String chunk = "x".repeat(17_000);
        String untold = raw(HEADERS + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n0\r\n\r\n");
        assertThat(untold).startsWith("HTTP/1.1 400").contains("invalid_request");
    }

    @Test
    void aFormInManyPiecesIsReadAsOne() throws Exception {
        byte[] form = "grant_type=client_credentials&client_id=nobody%2B&scope=a+b".getBytes(StandardCharsets.US_ASCII);
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write((HEADERS + "Content-Length: " + form.length + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            for (byte piece : form) {
                socket.getOutputStream().write(piece);
                socket.getOutputStream().flush();
            }
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 401")
                    .contains("invalid_client");
        }
    }

    @Test
    void aFormThatDribblesIsAnsweredWithinItsSecondAndHoldsNothing() throws Exception {
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write((HEADERS + "Content-Length: 1000\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            long start = System.nanoTime();
            Thread dribble = Thread.ofVirtual().start(() -> {
                try {
                    for (int i = 0; i < 100; i++) {
                        socket.getOutputStream().write('a');
                        TimeUnit.MILLISECONDS.sleep(100);
                    }
                } catch (IOException | InterruptedException e) {
                    // The server has closed, or the test is over.
                    Thread.currentThread().interrupt();
                }
            });
            socket.setSoTimeout(10_000);
            byte[] answer = new byte[4096];
            int count = socket.getInputStream().read(answer);
            Duration took = Duration.ofNanos(System.nanoTime() - start);

            assertThat(new String(answer, 0, count, StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 503")
                    .contains("temporarily_unavailable")
                    .containsPattern("Retry-After: [1-9]")
                    .contains("Connection: close");
            assertThat(took).isBetween(Duration.ofMillis(900), Duration.ofSeconds(4));
            assertThat(metrics.get("auth.token.forms").gauge().value()).isZero();
            dribble.interrupt();
        }
    }

    @Test
    void aFormThatIsNotOneIsTheCallersFault() throws IOException {
        String body = "grant_type=%zz";
        assertThat(raw(HEADERS + "Content-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body))
                .startsWith("HTTP/1.1 400")
                .contains("invalid_request");
    }

    private Socket connect() throws IOException {
        return new Socket("127.0.0.1", URI.create(oauth.main("/")).getPort());
    }

    private String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
