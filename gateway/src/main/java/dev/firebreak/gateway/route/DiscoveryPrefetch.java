package dev.firebreak.gateway.route;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Asks for each discovery document from the start until there is a copy, so that an outage never finds this node without. */
@Component
class DiscoveryPrefetch implements SmartLifecycle {
    /** Slower than {@link Discovery} asks anew. */
    private static final Duration EVERY = Duration.ofSeconds(6);

    private final Discovery discovery;
    private volatile @Nullable Disposable running;

    DiscoveryPrefetch(Discovery discovery) {
        this.discovery = discovery;
    }

    @Override
    public void start() {
        running = Flux.interval(Duration.ZERO, EVERY)
                .onBackpressureDrop()
                .concatMap(_ -> missing(), 1)
                .takeUntil(left -> left == 0)
                .subscribe();
    }

    @Override
    public void stop() {
        Disposable prefetch = running;
        running = null;
        if (prefetch != null) {
            prefetch.dispose();
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    /** Asks for what there is no copy of; how many are still missing then. */
    private Mono<Long> missing() {
        return Flux.fromIterable(RouteTable.discoveryPaths())
                .map(RouteTable::discoveryPath)
                .distinct()
                .filter(path -> !discovery.hasCopy(path))
                // What fails is asked for again in a while; fetch has said why.
                .concatMap(path -> discovery.fetch(path).onErrorComplete())
                .then(Mono.fromSupplier(() -> RouteTable.discoveryPaths().stream()
                        .map(RouteTable::discoveryPath)
                        .filter(path -> !discovery.hasCopy(path))
                        .distinct()
                        .count()));
    }
}
