package dev.firebreak.drill.fault;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** One connection through the proxy: three virtual threads, and a bounded queue of answers that are not due yet. */
final class Passage {
    /** A piece of an answer; an empty one is the end. */
    private record Piece(byte[] bytes, long due) {}

    private static final int MOST_PIECES = 64;
    private static final Duration RECHECK = Duration.ofMillis(20);

    private final FaultProxy proxy;
    private final Socket client;
    private final Socket server;
    private final BlockingQueue<Piece> answers = new ArrayBlockingQueue<>(MOST_PIECES);
    private final AtomicBoolean ended = new AtomicBoolean();
    /** When the client asked what has not been answered yet, by nanoTime; 0 when nothing is asked. */
    private final AtomicLong askedAt = new AtomicLong();

    Passage(FaultProxy proxy, Socket client, Socket server) {
        this.proxy = proxy;
        this.client = client;
        this.server = server;
    }

    void start(String name) {
        Thread.ofVirtual().name("proxy-" + name + "-requests").start(() -> guarded(this::requests));
        Thread.ofVirtual().name("proxy-" + name + "-answers").start(() -> guarded(this::answers));
        Thread.ofVirtual().name("proxy-" + name + "-delays").start(() -> guarded(this::deliver));
    }

    /** Ends it with an RST to both sides. */
    void reset() {
        if (ended.compareAndSet(false, true)) {
            reset(client);
            reset(server);
            answers.clear();
            answers.offer(new Piece(new byte[0], 0));
            proxy.ended(this);
        }
    }

    static void reset(Socket socket) {
        try {
            // Linger 0: close() sends RST (tcp(7)), as a crashed peer's kernel does.
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // it was closed already
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (IOException e) {
            // one side has gone: so goes the other
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        reset();
    }

    private void requests() throws IOException {
        byte[] buffer = new byte[16 * 1024];
        InputStream in = client.getInputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            askedAt.compareAndSet(0, System.nanoTime());
            awaitPassable(true);
            server.getOutputStream().write(buffer, 0, read);
        }
    }

    private void answers() throws IOException, InterruptedException {
        byte[] buffer = new byte[16 * 1024];
        InputStream in = server.getInputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            byte[] bytes = new byte[read];
            System.arraycopy(buffer, 0, bytes, 0, read);
            answers.put(new Piece(bytes, System.nanoTime() + delay(read).toNanos()));
        }
        answers.put(new Piece(new byte[0], System.nanoTime()));
    }

    private void deliver() throws IOException, InterruptedException {
        for (Piece piece = answers.take(); piece.bytes().length > 0; piece = answers.take()) {
            for (long left = piece.due() - System.nanoTime(); left > 0; left = piece.due() - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            awaitPassable(false);
            // Before the client has it: what it asks next begins anew.
            long asked = askedAt.getAndSet(0);
            client.getOutputStream().write(piece.bytes());
            if (asked != 0) {
                proxy.busyFor(System.nanoTime() - asked);
            }
        }
    }

    private void awaitPassable(boolean request) throws IOException {
        while (!passes(proxy.rule().mode(), request)) {
            if (ended.get()) {
                throw new IOException("reset");
            }
            LockSupport.parkNanos(RECHECK.toNanos());
        }
    }

    private static boolean passes(Rule.Mode mode, boolean request) {
        return mode == Rule.Mode.PASS || mode == Rule.Mode.HALF_OPEN && request;
    }

    private Duration delay(int bytes) {
        Rule rule = proxy.rule();
        long nanos = rule.latency().toNanos();
        if (rule.jitter().isPositive()) {
            nanos += ThreadLocalRandom.current().nextLong(rule.jitter().toNanos());
        }
        if (rule.bytesPerSecond() > 0) {
            nanos += bytes * 1_000_000_000L / rule.bytesPerSecond();
        }
        return Duration.ofNanos(nanos);
    }
}
