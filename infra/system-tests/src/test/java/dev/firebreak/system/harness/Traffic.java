package dev.firebreak.system.harness;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * Calls that go on and on while something is broken, every answer counted. Each lane is some threads that call, pause and
 * call again; a call belongs to the phase in which it began.
 */
public final class Traffic implements AutoCloseable {
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private record Key(String lane, String phase) {}

    private final Map<Key, Tally> tallies = new ConcurrentHashMap<>();
    private final List<Thread> threads = new ArrayList<>();
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock(true);
    private volatile String phase;
    private volatile boolean running = true;

    public Traffic(String firstPhase) {
        phase = firstPhase;
    }

    /** Starts a lane at once. */
    public Traffic lane(String name, int callers, Duration pause, Supplier<Answer> call) {
        for (int i = 0; i < callers; i++) {
            threads.add(Thread.ofVirtual().name("traffic-" + name + "-" + i).start(() -> repeat(name, pause, call)));
        }
        return this;
    }

    /** Calls that begin from now on are counted under this name. */
    public void phase(String next) {
        phase = next;
    }

    /** Runs the action while no call is under way: a clock that jumps in the middle of a call would break its deadline. */
    public void betweenCalls(Runnable action) {
        gate.writeLock().lock();
        try {
            action.run();
        } finally {
            gate.writeLock().unlock();
        }
    }

    /** What a lane saw in a phase. */
    public Tally tally(String lane, String inPhase) {
        return tallies.computeIfAbsent(new Key(lane, inPhase), key -> new Tally());
    }

    /** Everything that was seen, over all lanes and phases. */
    public List<Tally> all() {
        return List.copyOf(tallies.values());
    }

    /** Ends all lanes after their current call. */
    @Override
    public void close() {
        running = false;
        long end = System.nanoTime() + STOP_WITHIN.toNanos();
        for (Thread thread : threads) {
            try {
                if (!thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())))) {
                    throw new IllegalStateException(thread.getName() + " does not end");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted", e);
            }
        }
    }

    private void repeat(String lane, Duration pause, Supplier<Answer> call) {
        while (running) {
            gate.readLock().lock();
            try {
                once(lane, call);
            } finally {
                gate.readLock().unlock();
            }
            LockSupport.parkNanos(pause.toNanos());
        }
    }

    private void once(String lane, Supplier<Answer> call) {
        Tally tally = tally(lane, phase);
        long start = System.nanoTime();
        try {
            Answer answer = call.get();
            tally.add(answer.outcome(), answer, answer.took().toNanos());
        } catch (RuntimeException | AssertionError failure) {
            // Counted like an answer: the test decides whether this outcome may occur.
            tally.add("failed " + failure.getClass().getSimpleName(), failure, System.nanoTime() - start);
        }
    }
}
