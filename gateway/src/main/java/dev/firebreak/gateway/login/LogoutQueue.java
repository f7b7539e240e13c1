package dev.firebreak.gateway.login;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Sign-outs that the authorization server has not heard of yet. Bounded: past {@link #MAX} the oldest is dropped and
 * logged. Its own thread delivers them one by one and rests while the other side is away. Lost with the process, as is
 * said in the ADR; the browser's cookie is gone in any case.
 */
@Component
class LogoutQueue implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(LogoutQueue.class);
    static final int MAX = 1000;
    private static final Duration REST = Duration.ofSeconds(2);
    private static final Duration LONGEST_REST = Duration.ofSeconds(30);
    private static final Duration CALL = Duration.ofSeconds(5);

    private final SessionEnder ender;
    /** In order of arrival, each once. Guarded by itself. */
    private final Set<String> waiting = new LinkedHashSet<>();

    private final Counter dropped;
    private volatile @Nullable Thread worker;

    LogoutQueue(SessionEnder ender, MeterRegistry metrics) {
        this.ender = ender;
        this.dropped = Counter.builder("gateway.logout.dropped")
                .description("Sign-outs that were never delivered because too many waited")
                .register(metrics);
        Gauge.builder("gateway.logout.waiting", this, LogoutQueue::size)
                .description("Sign-outs that the authorization server has not heard of yet")
                .register(metrics);
    }

    /** Delivers this sign-out later. */
    void add(String sid) {
        synchronized (waiting) {
            waiting.add(sid);
            if (waiting.size() > MAX) {
                String oldest = waiting.iterator().next();
                waiting.remove(oldest);
                dropped.increment();
                LOG.error("The sign-out of session {} is given up: {} others wait", oldest, MAX);
            }
            waiting.notifyAll();
        }
    }

    int size() {
        synchronized (waiting) {
            return waiting.size();
        }
    }

    @Override
    public void start() {
        Thread fresh = Thread.ofPlatform().name("logout-queue").daemon().unstarted(this::work);
        // Known before it runs, because it ends itself when it is not the one that is known.
        worker = fresh;
        fresh.start();
    }

    @Override
    public void stop() {
        Thread running = worker;
        worker = null;
        if (running != null) {
            running.interrupt();
        }
        int lost = size();
        if (lost > 0) {
            LOG.error("{} sign-outs were not delivered before the stop", lost);
        }
    }

    @Override
    public boolean isRunning() {
        Thread running = worker;
        return running != null && running.isAlive();
    }

    private void work() {
        Duration rest = REST;
        while (worker == Thread.currentThread()) {
            try {
                String sid = first();
                if (deliver(sid)) {
                    rest = REST;
                } else {
                    Thread.sleep(rest);
                    rest = rest.multipliedBy(2).compareTo(LONGEST_REST) < 0 ? rest.multipliedBy(2) : LONGEST_REST;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private String first() throws InterruptedException {
        synchronized (waiting) {
            while (waiting.isEmpty()) {
                waiting.wait();
            }
            return waiting.iterator().next();
        }
    }

    private boolean deliver(String sid) {
        try {
            ender.end(sid).block(CALL);
        } catch (RuntimeException e) {
            LOG.warn("The sign-out of session {} waits: {}", sid, e.toString());
            synchronized (waiting) {
                // To the end, so that one which is never accepted holds up no other.
                if (waiting.remove(sid)) {
                    waiting.add(sid);
                }
            }
            return false;
        }
        synchronized (waiting) {
            waiting.remove(sid);
        }
        LOG.info("The sign-out of session {} was delivered", sid);
        return true;
    }
}
