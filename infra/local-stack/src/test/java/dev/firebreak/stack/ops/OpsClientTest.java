package dev.firebreak.stack.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.sun.net.httpserver.HttpServer;
import dev.firebreak.trust.ClientAssertions;
import dev.firebreak.trust.ClientKey;
import dev.firebreak.trust.retry.PatientHttp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Against a server that is busy at first: what sets a state comes through, what might be done twice does not. */
class OpsClientTest {
    @TempDir
    Path temp;

    private final List<String> proofs = new CopyOnWriteArrayList<>();
    private final List<Duration> notices = new ArrayList<>();
    private volatile int busyFor;
    private volatile String answer = "{\"code\":\"service.saturated\",\"users\":[]}";
    private HttpServer server;
    private OpsClient ops;

    @BeforeEach
    void start() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.createContext("/", exchange -> {
            proofs.add(exchange.getRequestHeaders().getFirst("Authorization"));
            exchange.getResponseHeaders().set("Retry-After", "0");
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(proofs.size() <= busyFor ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        InstantSource clock = InstantSource.system();
        ClientAssertions assertions = new ClientAssertions("operator-cli", key(), "http://issuer", "test", clock);
        URI internal = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        ops = new OpsClient(internal, assertions, PatientHttp.over(HttpClient.newHttpClient(), clock, notices::add));
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @Test
    void asksABusyServerAgainWithAFreshProof() {
        busyFor = 2;

        assertThat(ops.list()).isEmpty();
        assertThat(new HashSet<>(proofs)).hasSize(3);
        assertThat(notices).hasSize(2);
    }

    @Test
    void disablesThoughTheServerIsBusy() {
        busyFor = 1;
        answer = "{\"disabled\":true,\"effective\":[],\"missing\":[\"gateway/gateway-1\"]}";

        JsonNode disabled = ops.disable("alice@example.com", null);

        assertThat(proofs).hasSize(2);
        assertThat(disabled.path("missing").get(0).asString()).isEqualTo("gateway/gateway-1");
    }

    @Test
    void addsNobodyTwice() {
        busyFor = 1;

        assertThatExceptionOfType(OpsRefusal.class)
                .isThrownBy(() -> ops.add("new@example.com", "New", "password", "user", false, null))
                .extracting(OpsRefusal::code)
                .isEqualTo("service.saturated");
        assertThat(proofs).hasSize(1);
    }

    @Test
    void readsWhichKeyEncryptionKeysAreNeeded() {
        answer = """
                {"current":"f-2","keys":[{"id":"f-1","rows":7,"in_file":true}],"done":false,"waits_for":["auth-server-2"]}
                """;

        assertThat(ops.sealing())
                .isEqualTo(
                        new Sealing("f-2", List.of(new Sealing.Key("f-1", 7, true)), false, List.of("auth-server-2")));
    }

    private ClientKey key() throws Exception {
        Path file = Files.createFile(
                temp.resolve("client.jwk"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                file, new ECKeyGenerator(Curve.P_256).keyID("k1").generate().toJSONString());
        return ClientKey.load(file);
    }
}
