package dev.firebreak.auth.egress;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Posts to URLs that somebody else chose. The host is looked up once, every address of it is judged, and the connection
 * goes to the one that was judged: a name that changes in between leads nowhere. No redirect is followed, of the answer
 * only its head is read, and all of it has one time limit. By hand, as the JDK's client looks names up by itself.
 */
public final class Egress {
    private static final int MAX_HEAD_BYTES = 16 * 1024;
    private static final int HTTPS_PORT = 443;
    private static final int HTTP_PORT = 80;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})(?: .*)?");
    private static final Pattern RETRY_AFTER = Pattern.compile("(?i)retry-after:\\s*([0-9]{1,6})\\s*");
    private static final Outcome TIMED_OUT = new Outcome.Failed("timed out");

    private final AddressRules rules;
    private final boolean plainHttp;
    private final Duration timeout;
    private final Resolver resolver;
    private final SSLSocketFactory tls;

    /** Looks up a name; the JDK's own takes no time limit. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /** @param plainHttp whether {@code http} is allowed: on a developer's machine only */
    Egress(AddressRules rules, boolean plainHttp, Duration timeout, Resolver resolver, SSLSocketFactory tls) {
        this.rules = rules;
        this.plainHttp = plainHttp;
        this.timeout = timeout;
        this.resolver = resolver;
        this.tls = tls;
    }

    /**
     * Refuses what could never be called.
     *
     * @throws IllegalArgumentException says what is wrong with it
     */
    public void requireUsable(URI url) {
        boolean scheme = "https".equals(url.getScheme()) || (plainHttp && "http".equals(url.getScheme()));
        if (!scheme) {
            throw new IllegalArgumentException("must be an https URL");
        }
        if (url.getHost() == null || url.getRawUserInfo() != null || url.getRawFragment() != null) {
            throw new IllegalArgumentException("must have a host, and neither user nor fragment");
        }
    }

    /** Longest time of one call. */
    public Duration timeout() {
        return timeout;
    }

    /** Posts JSON; holds the caller's thread, and must hold no connection to a database. */
    public Outcome postJson(URI url, Map<String, String> headers, String body) {
        requireUsable(url);
        long end = System.nanoTime() + timeout.toNanos();
        try {
            InetAddress[] addresses = resolve(url.getHost());
            // All of them: one public address among others is how a name gets past such a check.
            if (!List.of(addresses).stream().allMatch(rules::admits)) {
                return new Outcome.Failed("address not allowed");
            }
            return post(url, addresses[0], request(url, headers, body), end);
        } catch (UnknownHostException e) {
            return new Outcome.Failed("host not found");
        } catch (SocketTimeoutException | TimeoutException e) {
            return TIMED_OUT;
        } catch (SSLException e) {
            return left(end) <= 0 ? TIMED_OUT : new Outcome.Failed("TLS failed");
        } catch (IOException e) {
            return left(end) <= 0 ? TIMED_OUT : new Outcome.Failed("connection failed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome.Failed("interrupted");
        }
    }

    private InetAddress[] resolve(String host) throws IOException, TimeoutException, InterruptedException {
        CompletableFuture<InetAddress[]> found = new CompletableFuture<>();
        Thread.ofVirtual().name("egress-dns").start(() -> {
            try {
                // Without the brackets of an IPv6 literal.
                found.complete(resolver.resolve(host.startsWith("[") ? host.substring(1, host.length() - 1) : host));
            } catch (UnknownHostException | RuntimeException e) {
                found.completeExceptionally(e);
            }
        });
        try {
            InetAddress[] addresses = found.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (addresses.length == 0) {
                throw new UnknownHostException(host);
            }
            return addresses;
        } catch (ExecutionException e) {
            throw new UnknownHostException(host);
        }
    }

    private Outcome post(URI url, InetAddress address, byte[] request, long end)
            throws IOException, InterruptedException {
        try (Socket socket = new Socket()) {
            // A read's own limit starts anew with each byte; closing ends whatever is under way.
            Thread limit = Thread.ofVirtual().name("egress-limit").start(() -> closeAt(socket, end));
            try {
                int left = (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(left(end)));
                socket.connect(new InetSocketAddress(address, port(url)), left);
                socket.setSoTimeout(left);
                Socket wire = "https".equals(url.getScheme()) ? secure(socket, url) : socket;
                OutputStream out = wire.getOutputStream();
                out.write(request);
                out.flush();
                return answer(new BufferedInputStream(wire.getInputStream()));
            } finally {
                limit.interrupt();
            }
        }
    }

    private static void closeAt(Socket socket, long end) {
        try {
            Thread.sleep(Duration.ofNanos(Math.max(0, left(end))));
            socket.close();
        } catch (InterruptedException | IOException done) {
            // The call ended in time, or the socket is closed already.
            Thread.currentThread().interrupt();
        }
    }

    /** The certificate is compared with the URL's host, whichever address was called. */
    private SSLSocket secure(Socket socket, URI url) throws IOException {
        SSLSocket secure = (SSLSocket) tls.createSocket(socket, url.getHost(), port(url), true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private static byte[] request(URI url, Map<String, String> headers, String body) {
        byte[] content = body.getBytes(StandardCharsets.UTF_8);
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        StringBuilder head = new StringBuilder()
                .append("POST ")
                .append(path)
                .append(url.getRawQuery() == null ? "" : "?" + url.getRawQuery())
                .append(" HTTP/1.1\r\nHost: ")
                .append(url.getRawAuthority())
                .append("\r\nConnection: close\r\nUser-Agent: firebreak\r\nAccept: */*")
                .append("\r\nContent-Type: application/json\r\nContent-Length: ")
                .append(content.length)
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        byte[] first = head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] whole = new byte[first.length + content.length];
        System.arraycopy(first, 0, whole, 0, first.length);
        System.arraycopy(content, 0, whole, first.length, content.length);
        return whole;
    }

    private static Outcome answer(InputStream in) throws IOException {
        int room = MAX_HEAD_BYTES;
        int status = 0;
        @Nullable Duration retryAfter = null;
        while (true) {
            @Nullable String line = line(in, room);
            if (line == null) {
                return new Outcome.Failed("answer not understood");
            }
            room -= line.length() + 2;
            Matcher found;
            if (status == 0) {
                found = STATUS.matcher(line);
                if (!found.matches()) {
                    return new Outcome.Failed("answer not understood");
                }
                status = Integer.parseInt(found.group(1));
            } else if ((found = RETRY_AFTER.matcher(line)).matches()) {
                retryAfter = Duration.ofSeconds(Long.parseLong(found.group(1)));
            } else if (line.isEmpty() && status >= 200) {
                return new Outcome.Answered(status, retryAfter);
            } else if (line.isEmpty()) {
                // An interim answer (RFC 9110, 15.2); the real one follows.
                status = 0;
            }
        }
    }

    /** One line of the head; absent if it ends too early or is too long. */
    private static @Nullable String line(InputStream in, int room) throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.length() < room) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            if (next == '\n') {
                int length = line.length();
                return length > 0 && line.charAt(length - 1) == '\r' ? line.substring(0, length - 1) : line.toString();
            }
            line.append((char) next);
        }
        return null;
    }

    private static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return url.getScheme().toLowerCase(Locale.ROOT).equals("https") ? HTTPS_PORT : HTTP_PORT;
    }

    private static long left(long end) {
        return end - System.nanoTime();
    }
}
