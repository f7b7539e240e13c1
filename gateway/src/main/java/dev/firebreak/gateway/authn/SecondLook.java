package dev.firebreak.gateway.authn;

import dev.firebreak.gateway.route.Relay;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Waits for the trust feed to say of a token what a service has just said. Verifiers hear of a revocation some
 * milliseconds apart, and up to {@link #LONGEST} where they ask different nodes of the authorization server: the service
 * that heard first is no fault. Bounded: with too many waiting already, or a service that refuses everything, the answer
 * is given at once.
 */
@Component
class SecondLook {
    /** A node of the authorization server reads each half second; then its answer has to arrive. */
    static final Duration LONGEST = Duration.ofMillis(1_500);

    private static final Duration EVERY = Duration.ofMillis(20);
    private static final int MOST_WAITING = 200;

    private final Semaphore room = new Semaphore(MOST_WAITING);
    private final InstantSource clock;

    SecondLook(InstantSource clock, MeterRegistry metrics) {
        this.clock = clock;
        Gauge.builder("gateway.token.disputes.waiting", room, it -> MOST_WAITING - it.availablePermits())
                .description("Requests whose token a service refused and that wait for the trust feed to say so too")
                .register(metrics);
    }

    /** Whether the token is refused here as well, at the latest after {@link #LONGEST} or at the request's deadline. */
    Mono<Boolean> until(BooleanSupplier refused, ServerWebExchange exchange) {
        return Mono.defer(() -> {
            Duration left = Relay.of(exchange).deadline().left(clock.instant());
            Duration longest = left.compareTo(LONGEST) < 0 ? left : LONGEST;
            if (refused.getAsBoolean()) {
                return Mono.just(true);
            }
            if (!longest.isPositive() || !room.tryAcquire()) {
                return Mono.just(false);
            }
            return Flux.interval(EVERY)
                    .onBackpressureDrop()
                    .filter(_ -> refused.getAsBoolean())
                    .next()
                    .timeout(longest, Mono.empty())
                    .hasElement()
                    .doFinally(_ -> room.release());
        });
    }
}
