package dev.firebreak.gateway.seal;

import dev.firebreak.gateway.platform.GatewayProperties;
import dev.firebreak.gateway.platform.Misconfigured;
import dev.firebreak.gateway.platform.OpenableKeys;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * Keeps the ring current: its own thread reads the file each second and takes a changed one over as a whole, or keeps the
 * last good one and says why. Compares content, not times, so that no edit within a clock tick is missed. The keys held
 * are a metric, by which operators see that every live gateway has a new key before it seals.
 */
@Component
class RingFile implements SmartLifecycle, OpenableKeys {
    private static final Logger LOG = LoggerFactory.getLogger(RingFile.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Path file;
    private final MultiGauge keys;
    private volatile Ring current;
    private volatile boolean lastReadGood = true;
    private volatile @Nullable Thread reader;
    private String content;
    private String complaint = "";

    @Autowired
    RingFile(GatewayProperties gateway, MeterRegistry metrics) {
        this(gateway.cookieRingFile(), metrics);
    }

    RingFile(Path file, MeterRegistry metrics) {
        this.file = file;
        this.keys = MultiGauge.builder("gateway.cookie.ring.key")
                .description("Keys of the session cookie that this node holds; the value is always 1")
                .register(metrics);
        Gauge.builder("gateway.cookie.ring.readable", this, ring -> ring.lastReadGood ? 1 : 0)
                .description("0 while the ring file cannot be used and an older ring serves")
                .register(metrics);
        try {
            this.content = Files.readString(file);
            this.current = Ring.parse(content);
        } catch (IOException e) {
            throw new Misconfigured("gateway.cookie-ring-file " + file + " cannot be read", e);
        } catch (IllegalArgumentException e) {
            throw new Misconfigured("gateway.cookie-ring-file " + file + " cannot be used: " + e.getMessage(), e);
        }
        report(current);
    }

    /** The ring of this moment. */
    Ring current() {
        return current;
    }

    @Override
    public List<String> ids() {
        return current.keys().stream()
                .filter(key -> key.state() != Ring.State.RETIRED)
                .map(Ring.Key::id)
                .toList();
    }

    /** Reads the file once; for the reader thread and for tests. */
    void reload() {
        try {
            String now = Files.readString(file);
            if (now.equals(content)) {
                recovered();
                return;
            }
            Ring ring = Ring.parse(now);
            content = now;
            current = ring;
            report(ring);
            recovered();
            LOG.info("Cookie keys are now {}", ring.keys());
        } catch (IOException e) {
            complain("cannot be read: " + e);
        } catch (IllegalArgumentException e) {
            complain("cannot be used: " + e.getMessage());
        }
    }

    @Override
    public void start() {
        Thread fresh = Thread.ofPlatform().name("cookie-ring").daemon().unstarted(this::readOn);
        // Known before it runs, because it ends itself when it is not the one that is known.
        reader = fresh;
        fresh.start();
    }

    @Override
    public void stop() {
        Thread running = reader;
        reader = null;
        if (running != null) {
            running.interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        Thread running = reader;
        return running != null && running.isAlive();
    }

    private void readOn() {
        while (reader == Thread.currentThread()) {
            try {
                Thread.sleep(EVERY);
                reload();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                complain("could not be read: " + e);
            }
        }
    }

    /** Once per kind of trouble, not once a second. */
    private void complain(String what) {
        lastReadGood = false;
        if (!what.equals(complaint)) {
            LOG.error("Cookie ring file {} {}; the last good ring serves on", file, what);
            complaint = what;
        }
    }

    private void recovered() {
        lastReadGood = true;
        complaint = "";
    }

    private void report(Ring ring) {
        keys.register(
                ring.keys().stream()
                        .map(key -> MultiGauge.Row.of(
                                Tags.of("key_id", key.id(), "state", key.state().wireName()), 1))
                        .toList(),
                true);
    }
}
