package dev.firebreak.system.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Requests byte for byte: what no well-behaved client would send. One request, one connection. */
public final class RawHttp {
    private static final int TIMEOUT_MS = 10_000;
    private static final int MAX_ANSWER = 1 << 20;

    /** Status line and headers with body, as text. */
    public record RawAnswer(int status, String text) {
        public boolean hasHeader(String name) {
            return text.lines().anyMatch(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1));
        }
    }

    private RawHttp() {}

    /** Sends the request line as it is, with {@code Host}, the further header lines and {@code Connection: close}. */
    public static RawAnswer send(int port, String requestLine, List<String> headerLines) {
        StringBuilder request = new StringBuilder(requestLine)
                .append("\r\nHost: localhost:")
                .append(port)
                .append("\r\n");
        headerLines.forEach(line -> request.append(line).append("\r\n"));
        request.append("Connection: close\r\n\r\n");
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MS);
            socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            String text = new String(socket.getInputStream().readNBytes(MAX_ANSWER), StandardCharsets.UTF_8);
            return new RawAnswer(Integer.parseInt(text.substring(9, 12)), text);
        } catch (IOException e) {
            throw new UncheckedIOException(requestLine + ": " + e, e);
        }
    }
}
