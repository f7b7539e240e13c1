package dev.firebreak.gateway.ratelimit;

import dev.firebreak.contracts.error.RateError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.gateway.platform.GatewayProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** API calls of one user or service, whatever address they come from. */
@Component
public class SubjectLimit {
    /** A page that loads asks for much at once. */
    private static final int BURST_SECONDS = 2;

    private final Buckets subjects;

    SubjectLimit(GatewayProperties gateway, InstantSource clock, MeterRegistry metrics) {
        int rate = gateway.rateLimit().perSubject();
        this.subjects = new Buckets(rate, rate * BURST_SECONDS, clock).measured("subject", metrics);
    }

    /** The refusal, if this subject has asked too often. */
    public Optional<ServiceException> refusal(String sub) {
        return subjects.take(sub)
                .map(wait -> new ServiceException(RateError.LIMITED, "Too many API calls for this account", wait));
    }
}
