package dev.firebreak.system.harness;

import dev.firebreak.stack.process.PortHolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a load balancer does for a dead node: whoever connects to its port is brought to another one. The port is free
 * again once this is closed.
 */
public final class Takeover implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static final Duration FREE_WITHIN = Duration.ofSeconds(10);

    private final ServerSocket listener;
    private final int from;
    private final int to;
    private final Thread accepting;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** Both ports are loopback's. */
    public Takeover(int from, int to) {
        this.from = from;
        this.to = to;
        try {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(LOOPBACK, from));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on port " + from, e);
        }
        accepting = Thread.ofPlatform().name("takeover-" + from).daemon().start(this::accept);
    }

    private void accept() {
        while (!closed) {
            try {
                Socket caller = listener.accept();
                open.add(caller);
                Socket node = new Socket(LOOPBACK, to);
                open.add(node);
                Thread.ofVirtual().start(() -> pass(caller, node));
                Thread.ofVirtual().start(() -> pass(node, caller));
                if (closed) {
                    drop();
                }
            } catch (IOException ended) {
                // Closed, or the other node is gone too: then the caller finds out when this is closed.
            }
        }
    }

    private void pass(Socket from, Socket into) {
        try (from;
                into) {
            from.getInputStream().transferTo(into.getOutputStream());
        } catch (IOException cut) {
            // Either side may hang up at any time; the other one is told by the close.
        } finally {
            open.remove(from);
            open.remove(into);
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        drop();
        // Closing tells the thread that waits there; the port is free when that one has let go.
        Await.until("port " + from + " is free", FREE_WITHIN, () -> !accepting.isAlive() && PortHolder.isFree(from));
    }

    private void drop() {
        for (Socket socket : open) {
            try {
                socket.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
