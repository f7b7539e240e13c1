package dev.firebreak.stack.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortHolderTest {
    @Test
    void namesTheProcessThatListens() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(PortHolder.isFree(socket.getLocalPort())).isFalse();
            assertThat(PortHolder.find(socket.getLocalPort())).hasValueSatisfying(holder -> {
                assertThat(holder.pid()).isEqualTo(ProcessHandle.current().pid());
                assertThat(holder.command()).contains("java");
            });
        }
    }

    @Test
    void seesWhoListensOnTheOtherLocalhost() throws IOException {
        InetAddress six = InetAddress.getByName("::1");
        assumeThat(NetworkInterface.getByInetAddress(six))
                .as("this machine has IPv6")
                .isNotNull();

        try (ServerSocket socket = new ServerSocket(0, 1, six)) {
            assertThat(PortHolder.isFree(socket.getLocalPort())).isFalse();
            assertThat(PortHolder.find(socket.getLocalPort())).isPresent();
        }
    }

    @Test
    void findsNobodyOnAFreePort() throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        assertThat(PortHolder.isFree(port)).isTrue();
        assertThat(PortHolder.find(port)).isEmpty();
    }
}
