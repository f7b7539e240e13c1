package dev.firebreak.auth.client;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;

/**
 * All registered clients, in memory. Changed files are taken over together or, if one of them is wrong, not at all: the
 * last good set stays and a metric says so. A folder that was emptied is one of the wrong ones: a volume that was not
 * mounted must not sign everybody out. Reading takes no lock.
 */
public final class Clients implements RegisteredClientRepository {
    private static final Logger LOG = LoggerFactory.getLogger(Clients.class);

    private final ClientFolder folder;
    private volatile Map<String, String> contents;
    private volatile Map<String, Client> clients;
    private volatile boolean stale;

    /** Reads the folder; wrong files at the start stop the start. */
    Clients(ClientFolder folder, MeterRegistry metrics) {
        this.folder = folder;
        try {
            this.contents = folder.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.clients = ClientFolder.parse(contents);
        if (clients.isEmpty()) {
            LOG.warn("There is no client file: nobody can ask for tokens");
        }
        Gauge.builder("auth.clients", this, it -> it.clients.size())
                .description("Registered clients")
                .register(metrics);
        Gauge.builder("auth.clients.stale", this, it -> it.stale ? 1 : 0)
                .description("1 while the files on disk are wrong and the last good ones are in use")
                .register(metrics);
    }

    /** The client with this id. */
    public Optional<Client> find(String clientId) {
        return Optional.ofNullable(clients.get(clientId));
    }

    /** True while the files on disk are not the ones in use. */
    boolean isStale() {
        return stale;
    }

    /** Takes over changed files. Called by one thread at a time. */
    void reload() throws IOException {
        Map<String, String> read;
        try {
            read = folder.read();
        } catch (IOException e) {
            stale = true;
            throw e;
        }
        if (read.equals(contents)) {
            stale = false;
            return;
        }
        try {
            Map<String, Client> parsed = ClientFolder.parse(read);
            if (parsed.isEmpty() && !clients.isEmpty()) {
                throw new IllegalArgumentException("auth.clients-folder holds no client file any more; "
                        + "to run without clients, restart with the empty folder");
            }
            clients = parsed;
            contents = read;
            stale = false;
            LOG.info("Clients reloaded: {}", parsed.keySet());
        } catch (IllegalArgumentException e) {
            stale = true;
            throw e;
        }
    }

    @Override
    public void save(RegisteredClient registeredClient) {
        throw new UnsupportedOperationException("Clients are registered by files");
    }

    @Override
    public @Nullable RegisteredClient findById(String id) {
        return findByClientId(id);
    }

    @Override
    public @Nullable RegisteredClient findByClientId(String clientId) {
        return find(clientId).map(Client::registration).orElse(null);
    }
}
