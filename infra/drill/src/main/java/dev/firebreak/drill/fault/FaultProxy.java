package dev.firebreak.drill.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/**
 * Listens on a port of its own and passes on to another, by a rule that may change at any time. Also measures, at the
 * wire, for how long connections waited for answers: how busy a pool really was, whatever the pool says. Bounded
 * connections; virtual threads.
 */
public final class FaultProxy implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration RUSH = Duration.ofSeconds(1);
    private static final int MOST_CONNECTIONS = 200;
    private static final int REMEMBERED = 1_000;

    private final String name;
    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Semaphore room = new Semaphore(MOST_CONNECTIONS);
    private final Set<Passage> passages = ConcurrentHashMap.newKeySet();
    private final LongAdder busyNanos = new LongAdder();
    private final LongAdder opened = new LongAdder();
    private final Deque<Long> reached = new ArrayDeque<>();
    private volatile Rule rule = Rule.PASS;

    private FaultProxy(String name, int targetPort, ServerSocket listener) {
        this.name = name;
        this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
        this.listener = listener;
    }

    /** Opens a proxy to a port of this machine, on a free port. */
    public static FaultProxy open(String name, int targetPort) {
        try {
            ServerSocket listener = new ServerSocket(0, 128, InetAddress.getLoopbackAddress());
            FaultProxy proxy = new FaultProxy(name, targetPort, listener);
            Thread.ofVirtual().name("proxy-" + name).start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a proxy for " + name, e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** From now on this happens; connections that are open feel it too. */
    public void apply(Rule next) {
        rule = next;
        if (next.mode() == Rule.Mode.RESET) {
            passages.forEach(Passage::reset);
        }
    }

    /** Sum over connections of the time they waited for an answer. */
    public Duration busy() {
        return Duration.ofNanos(busyNanos.sum());
    }

    /** Connections that were ever accepted. */
    public long opened() {
        return opened.sum();
    }

    /**
     * The rush on a target that is back: the most connections that reached it within any second. A window slides, because
     * a server may take connections before it can use them.
     *
     * @param sinceNanos when to begin to look, as {@link System#nanoTime} tells it
     * @return 0 if none reached it since; of very many only the last thousand are known
     */
    public int rushSince(long sinceNanos) {
        List<Long> since;
        synchronized (reached) {
            since = reached.stream().filter(at -> at - sinceNanos >= 0).sorted().toList();
        }
        int most = 0;
        for (int first = 0, last = 0; last < since.size(); last++) {
            while (since.get(last) - since.get(first) >= RUSH.toNanos()) {
                first++;
            }
            most = Math.max(most, last - first + 1);
        }
        return most;
    }

    /** Connections open now. */
    public int open() {
        return passages.size();
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        passages.forEach(Passage::reset);
    }

    Rule rule() {
        return rule;
    }

    void busyFor(long nanos) {
        busyNanos.add(nanos);
    }

    void ended(Passage passage) {
        if (passages.remove(passage)) {
            room.release();
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                opened.increment();
                if (rule.mode() == Rule.Mode.RESET || !room.tryAcquire()) {
                    Passage.reset(client);
                } else {
                    Thread.ofVirtual().name("proxy-" + name + "-up").start(() -> connect(client));
                }
            } catch (IOException e) {
                // closed, or a client that went before it was accepted
            }
        }
    }

    private void connect(Socket client) {
        Socket server = new Socket();
        Passage passage = new Passage(this, client, server);
        passages.add(passage);
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(target, (int) CONNECT.toMillis());
            note(System.nanoTime());
            passage.start(name);
        } catch (IOException e) {
            // Nobody listens behind us: to the client that looks like a refusal right after the handshake.
            passage.reset();
        }
    }

    private void note(long nanos) {
        synchronized (reached) {
            if (reached.size() == REMEMBERED) {
                reached.removeFirst();
            }
            reached.addLast(nanos);
        }
    }
}
