package dev.firebreak.stack.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.firebreak.stack.config.ClientRegistrations;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.ops.KeysClient.Order;
import dev.firebreak.stack.secrets.StackSecrets;
import dev.firebreak.trust.retry.PatientHttp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that loses answers and whose pages never end. */
class KeysClientTest {
    private static final Order ROTATE = new Order("rotate", null, "a test", false, false, null, false);

    @TempDir
    Path temp;

    private final List<String> paths = new CopyOnWriteArrayList<>();
    private volatile boolean losesAnswers;
    private HttpServer server;
    private KeysClient keys;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/", exchange -> {
            paths.add(exchange.getRequestURI().toString());
            exchange.getRequestBody().readAllBytes();
            byte[] body = "{\"entries\":[{\"seq\":7}],\"head\":\"h\",\"next\":7}".getBytes(StandardCharsets.UTF_8);
            if (!losesAnswers) {
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        server.start();
        StackFolder folder = new StackFolder(temp);
        folder.create();
        new StackSecrets(folder).clientKey(ClientRegistrations.OPERATOR_CLI);
        InstantSource clock = InstantSource.system();
        keys = KeysClient.of(
                folder,
                "http://issuer",
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                PatientHttp.over(HttpClient.newHttpClient(), clock, _ -> {}),
                clock);
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void saysThatAnOrderWithALostAnswerMayHaveBeenCarriedOut() {
        losesAnswers = true;

        StackException lost = catchThrowableOfType(StackException.class, () -> keys.give(ROTATE));

        assertThat(lost.advice()).contains("may have been carried out").contains("keys history");
    }

    @Test
    void saysThatNothingWasSentWhenNobodyListens() {
        server.stop(0);

        StackException away = catchThrowableOfType(StackException.class, () -> keys.give(ROTATE));

        assertThat(away.problem()).contains("does not answer");
        assertThat(away.advice()).doesNotContain("carried out");
    }

    @Test
    void endsThoughTheServersPagesDoNot() {
        assertThat(keys.history(3, false).path("entries").size()).isEqualTo(2);
        assertThat(paths)
                .containsExactly(
                        "/auth/internal/v1/ops/keys/history?after=3&limit=100",
                        "/auth/internal/v1/ops/keys/history?after=7&limit=100");
    }
}
