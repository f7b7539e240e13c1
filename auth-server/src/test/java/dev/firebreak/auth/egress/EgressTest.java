package dev.firebreak.auth.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressTest {
    private static final Duration TIMEOUT = Duration.ofMillis(1_500);
    private static final char[] PASSWORD = "password".toCharArray();
    private static final List<Network> THIS_MACHINE = List.of(Network.of("127.0.0.0/8"));

    private final AtomicInteger lookUps = new AtomicInteger();
    private final Queue<String> received = new ConcurrentLinkedQueue<>();
    private ServerSocket server;

    @AfterEach
    void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    /** What a receiver does with a connection whose request was read. */
    private interface Answer {
        void write(OutputStream out) throws Exception;
    }

    @Test
    void postsToTheAddressThatWasJudgedUnderTheNameOfTheUrl() throws Exception {
        serve(new ServerSocket(0), out -> out.write(bytes("HTTP/1.1 204 No Content\r\n\r\n")));

        Outcome outcome = egress(THIS_MACHINE, "127.0.0.1")
                .postJson(url("http", "/hook?x=1"), Map.of("webhook-id", "m1"), "{\"a\":\"ü\"}");

        assertThat(outcome).isEqualTo(new Outcome.Answered(204, null));
        assertThat(lookUps).as("a second look-up could answer otherwise").hasValue(1);
        assertThat(received)
                .singleElement()
                .asString()
                .startsWith("POST /hook?x=1 HTTP/1.1\r\n")
                .contains("\r\nHost: hooks.example:" + server.getLocalPort() + "\r\n")
                .contains("\r\nwebhook-id: m1\r\n")
                .contains("\r\nContent-Length: 10\r\n")
                .endsWith("\r\n\r\n{\"a\":\"ü\"}");
    }

    @Test
    void oneForbiddenAddressAmongOthersRefusesTheName() throws Exception {
        serve(new ServerSocket(0), out -> out.write(bytes("HTTP/1.1 200 OK\r\n\r\n")));

        assertThat(egress(List.of(), "127.0.0.1").postJson(url("http", "/"), Map.of(), "{}"))
                .isEqualTo(new Outcome.Failed("address not allowed"));
        assertThat(egress(THIS_MACHINE, "127.0.0.1", "169.254.169.254").postJson(url("http", "/"), Map.of(), "{}"))
                .isEqualTo(new Outcome.Failed("address not allowed"));
        assertThat(received).isEmpty();
    }

    @Test
    void aRedirectIsAnAnswerAndLeadsNowhere() throws Exception {
        serve(
                new ServerSocket(0),
                out -> out.write(bytes("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/other\r\n\r\n"
                        .formatted(server.getLocalPort()))));

        assertThat(egress(THIS_MACHINE, "127.0.0.1").postJson(url("http", "/"), Map.of(), "{}"))
                .isEqualTo(new Outcome.Answered(302, null));
        assertThat(received).hasSize(1);
    }

    @Test
    void readsWhatTheReceiverWishesAndPassesInterimAnswers() throws Exception {
        serve(
                new ServerSocket(0),
                out -> out.write(bytes(
                        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 Full\r\nretry-after: 120\r\nX: y\r\n\r\nbody")));

        assertThat(egress(THIS_MACHINE, "127.0.0.1").postJson(url("http", "/"), Map.of(), "{}"))
                .isEqualTo(new Outcome.Answered(503, Duration.ofSeconds(120)));
    }

    @Test
    void anEndlessBodyIsNotRead() throws Exception {
        serve(new ServerSocket(0), out -> {
            out.write(bytes("HTTP/1.1 200 OK\r\n\r\n"));
            while (true) {
                out.write(new byte[8192]);
            }
        });

        assertThat(egress(THIS_MACHINE, "127.0.0.1").postJson(url("http", "/"), Map.of(), "{}"))
                .isEqualTo(new Outcome.Answered(200, null));
    }

    @Test
    void anEndlessHeadIsNoAnswer() throws Exception {
        serve(new ServerSocket(0), out -> {
            out.write(bytes("HTTP/1.1 200 OK\r\n"));
            while (true) {
                out.write(bytes("X-Filler: " + "x".repeat(1000) + "\r\n"));
            }
        });

        assertThat(egress(THIS_MACHINE, "127.0.0.1").postJson(url("http", "/"), Map.of(), "{}"))
                .isEqualTo(new Outcome.Failed("answer not understood"));
    }

    @Test
    void aReceiverThatDripsIsCutOffLikeOneThatIsSilent() throws Exception {
        serve(new ServerSocket(0), out -> {
            out.write(bytes("HTTP/1.1 200 OK\r\n"));
            while (true) {
                out.write('x');
                out.flush();
                Thread.sleep(50);
            }
        });

        assertThat(egress(THIS_MACHINE, "127.0.0.1").postJson(url("http", "/"), Map.of(), "{}"))
                .isEqualTo(new Outcome.Failed("timed out"));
    }

    @Test
    void aReceiverThatIsNotThereHasFailed() throws Exception {
        server = new ServerSocket(0);
        server.close();

        assertThat(egress(THIS_MACHINE, "127.0.0.1").postJson(url("http", "/"), Map.of(), "{}"))
                .isEqualTo(new Outcome.Failed("connection failed"));
    }

    @Test
    void theCertificateMustBeTheOneOfTheUrlsHost(@TempDir Path folder) throws Exception {
        SSLContext context = certified(folder, "hooks.example");
        serve(
                context.getServerSocketFactory().createServerSocket(0),
                out -> out.write(bytes("HTTP/1.1 200 OK\r\n\r\n")));
        Egress trusting = egress(context.getSocketFactory(), THIS_MACHINE, "127.0.0.1");

        assertThat(trusting.postJson(url("https", "/"), Map.of(), "{}")).isEqualTo(new Outcome.Answered(200, null));
        assertThat(trusting.postJson(
                        URI.create("https://other.example:" + server.getLocalPort() + "/"), Map.of(), "{}"))
                .isEqualTo(new Outcome.Failed("TLS failed"));
        assertThat(egress(THIS_MACHINE, "127.0.0.1").postJson(url("https", "/"), Map.of(), "{}"))
                .as("nobody vouches for it")
                .isEqualTo(new Outcome.Failed("TLS failed"));
        assertThat(received).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://hooks.example/",
                "ftp://hooks.example/",
                "https:///x",
                "https://user@hooks.example/",
                "https://hooks.example/#x",
                "/relative"
            })
    void whatCanNeverBeCalledIsRefusedBeforehand(String url) {
        Egress strict =
                new Egress(new AddressRules(List.of()), false, TIMEOUT, InetAddress::getAllByName, (SSLSocketFactory)
                        SSLSocketFactory.getDefault());

        assertThatIllegalArgumentException().isThrownBy(() -> strict.requireUsable(URI.create(url)));
    }

    private Egress egress(List<Network> allowed, String... addresses) {
        return egress((SSLSocketFactory) SSLSocketFactory.getDefault(), allowed, addresses);
    }

    private Egress egress(SSLSocketFactory tls, List<Network> allowed, String... addresses) {
        return new Egress(
                new AddressRules(allowed),
                true,
                TIMEOUT,
                host -> {
                    lookUps.incrementAndGet();
                    InetAddress[] found = new InetAddress[addresses.length];
                    for (int i = 0; i < found.length; i++) {
                        found[i] = InetAddress.getByName(addresses[i]);
                    }
                    return found;
                },
                tls);
    }

    private URI url(String scheme, String rest) {
        return URI.create("%s://hooks.example:%d%s".formatted(scheme, server.getLocalPort(), rest));
    }

    private void serve(ServerSocket socket, Answer answer) {
        server = socket;
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try (Socket connection = server.accept()) {
                    received.add(request(connection.getInputStream()));
                    answer.write(connection.getOutputStream());
                } catch (Exception gone) {
                    // The caller hung up, or the test is over.
                    continue;
                }
            }
        });
    }

    /** As much as the caller sends before it waits; a request of ours comes in one piece. */
    private static String request(InputStream in) throws IOException {
        byte[] buffer = new byte[8192];
        int length = in.read(buffer);
        if (length < 0) {
            throw new IOException("nothing came");
        }
        return new String(buffer, 0, length, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static SSLContext certified(Path folder, String host) throws Exception {
        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "a",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + host,
                        "-ext",
                        "san=dns:" + host,
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(keys, PASSWORD);
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("a", keys.getCertificate("a"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
