package dev.firebreak.auth.webhook;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All registered receivers, in memory. Files are taken over together or, if one of them is wrong, not at all: the last good
 * set stays and readiness says so. A receiver whose file goes gets no more attempts; they go on when it comes back.
 */
final class Webhooks {
    private final @Nullable WebhookFolder folder;
    private volatile Map<String, Webhook> webhooks;
    private volatile boolean stale;

    /**
     * Reads the folder; wrong files at the start stop the start.
     *
     * @param folder absent = there are none
     */
    Webhooks(@Nullable WebhookFolder folder, MeterRegistry metrics) throws IOException {
        this.folder = folder;
        this.webhooks = folder == null ? Map.of() : folder.read();
        Gauge.builder("auth.webhooks", this, it -> it.webhooks.size())
                .description("Registered webhooks")
                .register(metrics);
    }

    List<Webhook> all() {
        return List.copyOf(webhooks.values());
    }

    Optional<Webhook> find(String id) {
        return Optional.ofNullable(webhooks.get(id));
    }

    /** True while the files on disk are not the ones in use. */
    boolean isStale() {
        return stale;
    }

    /** Reads the files anew. Called by one thread at a time. */
    void reload() throws IOException {
        if (folder == null) {
            return;
        }
        try {
            webhooks = folder.read();
            stale = false;
        } catch (IOException | RuntimeException e) {
            stale = true;
            throw e;
        }
    }
}
