package dev.firebreak.auth.client;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import dev.firebreak.contracts.error.AuthError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.token.Lifetimes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Judges client assertions (RFC 7523, 3): of one key of the client, for this server, at most a minute old, used once. In
 * memory only, so that it works with everything else away. Whoever is refused learns nothing but the verdict; the reason
 * goes to the log.
 */
public final class AssertionVerifier {
    /** How far a client's clock may be from ours: as far as in all else, or a drift would first silence our own nodes. */
    private static final Duration SKEW = Lifetimes.CLOCK_SKEW;

    private static final int MAX_CHARS = 4096;
    private static final int MAX_JTI_CHARS = 128;

    private final Clients clients;
    private final InstantSource clock;
    private final SeenIds seen;
    private final MeterRegistry metrics;

    AssertionVerifier(Clients clients, int maxRemembered, InstantSource clock, MeterRegistry metrics) {
        this.clients = clients;
        this.clock = clock;
        this.metrics = metrics;
        // An assertion is accepted up to its life and twice the skew after its first use, never longer.
        this.seen =
                new SeenIds(Lifetimes.CLIENT_ASSERTION.plus(SKEW.multipliedBy(2)), maxRemembered / 2, clock.instant());
        Gauge.builder("auth.assertions.remembered", seen, SeenIds::size)
                .description("Ids of client assertions remembered against replay")
                .register(metrics);
        // There from the start, so that the first of them is seen as a step: a key that nobody knows, clocks that
        // differ.
        List.of("unknown key", "not now").forEach(this::refused);
    }

    /**
     * A proved client.
     *
     * @param instance node that made the assertion; absent unless it says so
     */
    public record Proof(Client client, @Nullable String instance) {}

    /**
     * Accepts an assertion, once.
     *
     * @param audiences any of them will do
     * @throws ServiceException {@link AuthError#ASSERTION_INVALID} on proof, {@link AuthError#UNAVAILABLE} if it cannot
     *     be remembered
     */
    public Proof verify(String assertion, Set<String> audiences) {
        try {
            return judge(assertion, audiences);
        } catch (ServiceException e) {
            Throwable why = e.getCause();
            String reason = why == null ? "unremembered" : String.valueOf(why.getMessage());
            refused(reason).increment();
            throw e;
        }
    }

    private Counter refused(String reason) {
        return metrics.counter("auth.assertions.refused", "reason", reason.replace(' ', '_'));
    }

    private Proof judge(String assertion, Set<String> audiences) {
        if (assertion.length() > MAX_CHARS) {
            throw invalid("too long");
        }
        JWSObject jws = parse(assertion);
        AssertionClaims claims = AssertionClaims.of(jws.getPayload().toJSONObject());
        Client client = clients.find(claims.subject()).orElseThrow(() -> invalid("unknown client"));
        requireSigned(jws, client);
        Instant now = clock.instant();
        requireClaims(claims, client, audiences, now);
        requireFirstUse(client.id() + " " + claims.jti(), now);
        return new Proof(client, claims.instance());
    }

    private static JWSObject parse(String assertion) {
        try {
            return JWSObject.parse(assertion);
        } catch (ParseException e) {
            throw invalid("malformed");
        }
    }

    private static void requireSigned(JWSObject jws, Client client) {
        JWSVerifier key = client.keys().get(String.valueOf(jws.getHeader().getKeyID()));
        if (key == null) {
            throw invalid("unknown key");
        }
        if (!JWSAlgorithm.ES256.equals(jws.getHeader().getAlgorithm())) {
            throw invalid("wrong algorithm");
        }
        try {
            if (!jws.verify(key)) {
                throw invalid("wrong signature");
            }
        } catch (JOSEException e) {
            throw new IllegalStateException("Keys of %s do not verify".formatted(client), e);
        }
    }

    private static void requireClaims(AssertionClaims claims, Client client, Set<String> audiences, Instant now) {
        if (!claims.issuer().equals(client.id())) {
            throw invalid("wrong iss");
        }
        if (claims.audience().stream().noneMatch(audiences::contains)) {
            throw invalid("wrong aud");
        }
        if (claims.jti().isBlank() || claims.jti().length() > MAX_JTI_CHARS) {
            throw invalid("no jti");
        }
        if (!now.isBefore(claims.expiresAt().plus(SKEW))
                || now.isBefore(claims.issuedAt().minus(SKEW))
                || now.isBefore(claims.notBefore().minus(SKEW))) {
            throw invalid("not now");
        }
        if (Duration.between(claims.issuedAt(), claims.expiresAt()).compareTo(Lifetimes.CLIENT_ASSERTION) > 0) {
            throw invalid("lives too long");
        }
    }

    private void requireFirstUse(String id, Instant now) {
        switch (seen.mark(id, now)) {
            case FIRST -> {
                // the only good one
            }
            case REPLAYED -> throw invalid("replayed");
            case FULL ->
                throw new ServiceException(AuthError.UNAVAILABLE, "Too many client assertions within a minute");
        }
    }

    /** @param why one of our own words, never the caller's: it labels a metric */
    static ServiceException invalid(String why) {
        return new ServiceException(
                AuthError.ASSERTION_INVALID, "The client assertion is not valid.", new SecurityException(why));
    }
}
