package dev.firebreak.starter.test;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server as its clients see it when it is up, stopped or hung: forwards TCP to a real one on 127.0.0.1. Begins stopped,
 * on a port that stays its own.
 */
public final class TestProxy implements AutoCloseable {
    private final int target;
    private final int port;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private ServerSocket listener;
    private volatile boolean hung;
    private final AtomicInteger connections = new AtomicInteger();

    /** A stopped server in front of the port. */
    public TestProxy(int targetPort) {
        this.target = targetPort;
        try (ServerSocket reserved = listen(0)) {
            this.port = reserved.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where clients connect. */
    public int port() {
        return port;
    }

    /** Connections that clients have made so far. */
    public int connections() {
        return connections.get();
    }

    /** The server is up. */
    public synchronized void up() {
        hung = false;
        if (listener != null) {
            return;
        }
        try {
            listener = listen(port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ServerSocket accepting = listener;
        Thread.ofVirtual().name("test-proxy-" + port).start(() -> accept(accepting));
    }

    /** The server is stopped: connections are cut, new ones are refused. */
    public synchronized void stop() {
        close(listener);
        listener = null;
        sockets.forEach(TestProxy::close);
        sockets.clear();
    }

    /** The server is hung, as by SIGSTOP: connections stay open and are accepted, nothing is answered. */
    public void hang() {
        hung = true;
    }

    @Override
    public void close() {
        stop();
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    private void accept(ServerSocket accepting) {
        while (!accepting.isClosed()) {
            try {
                Socket client = accepting.accept();
                connections.incrementAndGet();
                sockets.add(client);
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(server);
                Thread.ofVirtual().start(() -> forward(client, server));
                Thread.ofVirtual().start(() -> forward(server, client));
            } catch (IOException e) {
                if (!accepting.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void forward(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                while (hung && !from.isClosed()) {
                    Thread.sleep(5);
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // One side has gone, which ends the other: what a connection does.
            sockets.remove(from);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(AutoCloseable closeable) {
        if (closeable != null) {
            try {
                closeable.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
