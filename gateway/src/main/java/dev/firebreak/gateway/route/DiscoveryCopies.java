package dev.firebreak.gateway.route;

import dev.firebreak.gateway.platform.FirebreakProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.scheduler.Schedulers;

/**
 * The last good discovery documents on disk, beside the trust data: a gateway that starts while the authorization server
 * is away still answers them. Read once at the start, written off the event loop when a document has changed. Public
 * documents, so nothing in them needs hiding.
 */
@Component
class DiscoveryCopies {
    private static final Logger LOG = LoggerFactory.getLogger(DiscoveryCopies.class);
    /** A copy goes out with the content type that these documents have by their standards. */
    private static final String JSON = "application/json";

    private final Path folder;
    /** One entry per path of the route table. */
    private final Map<String, Discovery.Document> known = new ConcurrentHashMap<>();

    DiscoveryCopies(FirebreakProperties firebreak) {
        this.folder = firebreak.trust().stateFolder();
        for (String path : RouteTable.discoveryPaths()) {
            read(RouteTable.discoveryPath(path));
        }
    }

    /** The copy of an earlier process, or of this one. */
    Optional<Discovery.Document> find(String upstreamPath) {
        return Optional.ofNullable(known.get(upstreamPath));
    }

    /** Remembers a document, in memory at once and on disk soon. */
    void keep(String upstreamPath, Discovery.Document document) {
        Discovery.Document before = known.put(upstreamPath, document);
        if (before == null || !Arrays.equals(before.body(), document.body())) {
            Schedulers.boundedElastic().schedule(() -> write(upstreamPath, document.body()));
        }
    }

    private void read(String upstreamPath) {
        Path file = file(upstreamPath);
        try {
            if (Files.isRegularFile(file)) {
                known.put(
                        upstreamPath,
                        Discovery.Document.untagged(JSON, Discovery.COPY_CACHE_CONTROL, Files.readAllBytes(file)));
            }
        } catch (IOException e) {
            LOG.warn("The copy {} cannot be read: {}", file, e.toString());
        }
    }

    private synchronized void write(String upstreamPath, byte[] body) {
        Path file = file(upstreamPath);
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.createDirectories(folder);
            Files.write(fresh, body);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("The copy {} cannot be written: {}", file, e.toString());
        }
    }

    private Path file(String upstreamPath) {
        return folder.resolve("discovery" + upstreamPath.replaceAll("[^a-z0-9-]+", "_") + ".json");
    }
}
