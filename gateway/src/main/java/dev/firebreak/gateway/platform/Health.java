package dev.firebreak.gateway.platform;

import dev.firebreak.contracts.http.Paths;
import dev.firebreak.contracts.token.Lifetimes;
import dev.firebreak.trust.TrustSnapshot;
import dev.firebreak.trust.TrustSource;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerResponse;
import reactor.core.publisher.Mono;

/**
 * {@code /livez} and {@code /readyz} on the main port, out of memory. Ready = trust data was read at least once; old trust
 * data degrades, because sessions and warm tokens are served on. A service behind the gateway being down changes nothing.
 */
@Configuration(proxyBeanMethods = false)
class Health {
    /** Three polls and a lost answer; below it nothing is worth a word. */
    private static final Duration STALE = Lifetimes.TRUST_FRESH.multipliedBy(2);

    /** What a probe is told. */
    record Report(String status, List<String> reasons) {
        int httpStatus() {
            return status.equals("down") ? 503 : 200;
        }

        String toJson() {
            String codes = reasons.isEmpty() ? "" : "\"" + String.join("\",\"", reasons) + "\"";
            return "{\"status\":\"" + status + "\",\"reasons\":[" + codes + "]}";
        }
    }

    @Bean
    RouterFunction<ServerResponse> healthRoutes(TrustSource trust, InstantSource clock, FirebreakProperties firebreak) {
        Duration hardCap = firebreak.trust().hardCap();
        return RouterFunctions.route()
                .route(Reads.of(Paths.LIVEZ), request -> answer(new Report("ok", List.of())))
                .route(Reads.of(Paths.READYZ), request -> answer(readiness(age(trust, clock), hardCap)))
                .build();
    }

    /** Readiness by the age of the trust data, absent = none was ever read. */
    static Report readiness(Optional<Duration> age, Duration hardCap) {
        if (age.isEmpty()) {
            return new Report("down", List.of("trust.none"));
        }
        if (age.get().compareTo(hardCap) > 0) {
            return new Report("degraded", List.of("trust.expired"));
        }
        return age.get().compareTo(STALE) > 0
                ? new Report("degraded", List.of("trust.stale"))
                : new Report("ok", List.of());
    }

    private static Optional<Duration> age(TrustSource trust, InstantSource clock) {
        return trust.current().map(TrustSnapshot::asOf).map(asOf -> Duration.between(asOf, clock.instant()));
    }

    private static Mono<ServerResponse> answer(Report report) {
        ServerResponse.BodyBuilder builder = ServerResponse.status(report.httpStatus())
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.noStore());
        if (report.httpStatus() == 503) {
            builder.header("Retry-After", "1");
        }
        return builder.bodyValue(report.toJson());
    }
}
