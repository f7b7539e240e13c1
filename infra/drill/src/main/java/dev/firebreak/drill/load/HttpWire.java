package dev.firebreak.drill.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A lean HTTP/1.1 client over blocking sockets: on a machine with two cores the generator must not be what is measured,
 * and this costs about a third of the JDK's client per request. Connections are kept and reused, newest first. Safe for
 * use by many threads.
 */
public final class HttpWire implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final InetSocketAddress address;
    private final String host;
    private final Duration timeout;
    private final int maxIdle;
    private final ConcurrentLinkedDeque<HttpConnection> idle = new ConcurrentLinkedDeque<>();
    private final AtomicInteger idleCount = new AtomicInteger();
    private volatile boolean closed;

    /**
     * @param host what the {@code Host} header says
     * @param timeout longest time for one exchange, connecting included
     * @param maxIdle connections kept open between requests
     */
    public HttpWire(int port, String host, Duration timeout, int maxIdle) {
        this.address = new InetSocketAddress("127.0.0.1", port);
        this.host = host;
        this.timeout = timeout;
        this.maxIdle = maxIdle;
    }

    /** Sends a request and reads the whole answer. */
    public Answer send(Request request) throws IOException {
        byte[] bytes = request.bytes(host);
        long deadline = System.nanoTime() + timeout.toNanos();
        HttpConnection kept = takeIdle();
        if (kept != null) {
            try {
                return exchange(kept, bytes, deadline);
            } catch (StaleConnectionException stale) {
                // The server closed it while nobody used it, and has seen nothing of this request.
            }
        }
        return exchange(new HttpConnection(connect()), bytes, deadline);
    }

    @Override
    public void close() {
        closed = true;
        for (HttpConnection connection = takeIdle(); connection != null; connection = takeIdle()) {
            connection.close();
        }
    }

    private Answer exchange(HttpConnection connection, byte[] bytes, long deadline) throws IOException {
        boolean whole = false;
        try {
            Answer answer = connection.exchange(bytes, deadline);
            whole = connection.isReusable();
            return answer;
        } finally {
            giveBack(connection, whole);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        try {
            socket.setTcpNoDelay(true);
            socket.connect(address, (int) CONNECT.toMillis());
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private HttpConnection takeIdle() {
        HttpConnection connection = idle.pollFirst();
        if (connection != null) {
            idleCount.decrementAndGet();
        }
        return connection;
    }

    private void giveBack(HttpConnection connection, boolean whole) {
        if (whole && !closed && idleCount.incrementAndGet() <= maxIdle) {
            idle.addFirst(connection);
        } else {
            if (whole && !closed) {
                idleCount.decrementAndGet();
            }
            connection.close();
        }
    }
}
