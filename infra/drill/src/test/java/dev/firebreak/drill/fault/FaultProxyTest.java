package dev.firebreak.drill.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FaultProxyTest {
    private ServerSocket echo;
    private FaultProxy proxy;

    @BeforeEach
    void open() throws IOException {
        echo = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serve);
        proxy = FaultProxy.open("test", echo.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        echo.close();
    }

    @Test
    void passesWhatComes() throws IOException {
        try (Socket client = connect()) {
            assertThat(ask(client, 7)).isEqualTo(7);
            assertThat(ask(client, 8)).isEqualTo(8);
        }
        assertThat(proxy.opened()).isEqualTo(1);
    }

    @Test
    void tellsTheMostConnectionsOfASecond() throws IOException {
        long begin = System.nanoTime();
        assertThat(proxy.rushSince(begin)).isZero();
        for (int i = 0; i < 3; i++) {
            try (Socket client = connect()) {
                ask(client, 1);
            }
        }
        long later = System.nanoTime();

        assertThat(proxy.rushSince(begin)).isBetween(1, 3);
        assertThat(proxy.rushSince(later)).isZero();
    }

    @Test
    void delaysEachAnswerAndKnowsHowLongTheClientWaited() throws IOException {
        try (Socket client = connect()) {
            ask(client, 1);
            proxy.apply(Rule.latency(Duration.ofMillis(50)));
            long before = proxy.busy().toMillis();
            long start = System.nanoTime();

            ask(client, 2);
            ask(client, 3);

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(100));
            // Counted by the proxy's own thread, after the client has its answer.
            long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
            while (proxy.busy().toMillis() - before < 100 && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            assertThat(proxy.busy().toMillis() - before).isGreaterThanOrEqualTo(100);
        }
    }

    @Test
    void resetsOpenConnectionsAndNewOnes() throws IOException {
        try (Socket client = connect()) {
            ask(client, 1);

            proxy.apply(Rule.RESET);

            assertThatThrownBy(() -> ask(client, 2)).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> {
                        try (Socket late = connect()) {
                            ask(late, 1);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        proxy.apply(Rule.PASS);
        try (Socket client = connect()) {
            assertThat(ask(client, 3)).isEqualTo(3);
        }
    }

    @Test
    void aBlackHoleKeepsConnectionsAndLetsThemGoOn() throws IOException {
        try (Socket client = connect()) {
            client.setSoTimeout(200);
            proxy.apply(Rule.BLACKHOLE);

            assertThatThrownBy(() -> ask(client, 4)).isInstanceOf(SocketTimeoutException.class);

            proxy.apply(Rule.PASS);
            client.setSoTimeout(5_000);
            assertThat(client.getInputStream().read()).isEqualTo(4);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        socket.setSoTimeout(5_000);
        return socket;
    }

    /** Sends one byte and reads its echo. */
    private static int ask(Socket socket, int value) throws IOException {
        socket.getOutputStream().write(value);
        int answer = socket.getInputStream().read();
        if (answer < 0) {
            throw new IOException("closed");
        }
        return answer;
    }

    private void serve() {
        while (!echo.isClosed()) {
            try {
                Socket socket = echo.accept();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        socket.getInputStream().transferTo(socket.getOutputStream());
                    } catch (IOException gone) {
                        // the proxy reset it
                    }
                });
            } catch (IOException closed) {
                return;
            }
        }
    }
}
