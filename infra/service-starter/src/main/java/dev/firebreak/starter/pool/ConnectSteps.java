package dev.firebreak.starter.pool;

import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * How long the steps of opening one connection took, in nanoseconds. The driver connects on a thread that it starts
 * itself, and makes its sockets by class name: an inherited thread-local is the only thing that reaches them.
 */
final class ConnectSteps {
    private static final InheritableThreadLocal<@Nullable ConnectSteps> CURRENT = new InheritableThreadLocal<>();

    private final AtomicLong tcp = new AtomicLong();
    private final AtomicLong tls = new AtomicLong();
    private final AtomicLong tlsBegan = new AtomicLong();

    /** Begins to measure what this thread, or one that it starts, connects. */
    static ConnectSteps begin() {
        ConnectSteps steps = new ConnectSteps();
        CURRENT.set(steps);
        return steps;
    }

    static void end() {
        CURRENT.remove();
    }

    static void addTcp(long nanos) {
        ConnectSteps steps = CURRENT.get();
        if (steps != null) {
            steps.tcp.addAndGet(nanos);
        }
    }

    static void tlsBegins() {
        ConnectSteps steps = CURRENT.get();
        if (steps != null) {
            steps.tlsBegan.set(System.nanoTime());
        }
    }

    static void tlsEnded() {
        ConnectSteps steps = CURRENT.get();
        if (steps != null) {
            steps.tls.addAndGet(System.nanoTime() - steps.tlsBegan.get());
        }
    }

    long tcpNanos() {
        return tcp.get();
    }

    long tlsNanos() {
        return tls.get();
    }
}
