package dev.firebreak.drill.load;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/** Answers at once, but for one stretch of time in which it answers nothing: a long collection, a fail-over. */
final class StallingServer implements AutoCloseable {
    private final HttpServer server;
    private volatile long stallFrom;
    private volatile long stallUntil;

    StallingServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            long now = System.nanoTime();
            if (now - stallFrom > 0 && now - stallUntil < 0) {
                LockSupport.parkNanos(stallUntil - now);
            }
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, 2);
            exchange.getResponseBody().write(new byte[] {'o', 'k'});
            exchange.close();
        });
        server.start();
    }

    void stallIn(Duration from, Duration length) {
        stallFrom = System.nanoTime() + from.toNanos();
        stallUntil = stallFrom + length.toNanos();
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
