package dev.firebreak.gateway.platform;

import dev.firebreak.contracts.token.Lifetimes;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * What only the gateway is told. A missing or unknown key stops the start.
 *
 * @param authUpstream public face of the authorization server, scheme, host and port
 * @param internalUpstream its internal face
 * @param tasksUpstream the task service
 * @param cookieRingFile keys that seal the session cookie, reloaded on change
 * @param renewAfter age at which an access token inside a session is renewed; shorter only in tests
 * @param renewJitter spread of that age over sessions
 * @param upstream connections and time-outs towards the services
 * @param renewal pacing of renewals
 * @param rateLimit local rate limits
 * @param limits sizes of what clients may send
 */
@ConfigurationProperties(prefix = "gateway", ignoreUnknownFields = false)
public record GatewayProperties(
        URI authUpstream,
        URI internalUpstream,
        URI tasksUpstream,
        Path cookieRingFile,
        @DefaultValue("5m") Duration renewAfter,
        @DefaultValue("30s") Duration renewJitter,
        @DefaultValue Upstream upstream,
        @DefaultValue Renewal renewal,
        @DefaultValue RateLimit rateLimit,
        @DefaultValue Limits limits) {
    public GatewayProperties {
        requireBase("gateway.auth-upstream", "base URL of the authorization server", authUpstream);
        requireBase("gateway.internal-upstream", "base URL of its internal face", internalUpstream);
        requireBase("gateway.tasks-upstream", "base URL of the task service", tasksUpstream);
        Misconfigured.required(
                "gateway.cookie-ring-file", "the file with the keys of the session cookie", cookieRingFile);
        Misconfigured.unless(
                renewAfter.isPositive() && renewAfter.compareTo(Lifetimes.ACCESS_TOKEN) < 0,
                "gateway.renew-after must lie between 0 and the life of an access token (15m)");
        Misconfigured.unless(
                !renewJitter.isNegative() && renewJitter.compareTo(renewAfter) < 0,
                "gateway.renew-jitter must not be negative and must be shorter than gateway.renew-after");
    }

    /**
     * Connections and time-outs towards the services.
     *
     * @param connectTimeout longest wait for a TCP connection
     * @param responseTimeout longest wait for a service's answer, and for each further part of it; below 5 s together with
     *     the gateway's own work, because callers are promised an answer within 5 s
     * @param orderTimeout longest time for an operator's order that watches its effect on every verifier or node before
     *     it answers (keys, revocations, disabled users), the gateway's own work included; never less than the response time-out
     * @param maxConnections to each service
     * @param maxPending requests waiting for one of these connections
     * @param acquireTimeout longest wait for one of these connections
     * @param maxIdle below the 60 s after which the services' Tomcat closes idle connections
     * @param maxLife so that load spreads anew over nodes that were added
     */
    public record Upstream(
            @DefaultValue("1s") Duration connectTimeout,
            @DefaultValue("4500ms") Duration responseTimeout,
            @DefaultValue("20s") Duration orderTimeout,
            @DefaultValue("400") int maxConnections,
            @DefaultValue("800") int maxPending,
            @DefaultValue("1s") Duration acquireTimeout,
            @DefaultValue("15s") Duration maxIdle,
            @DefaultValue("5m") Duration maxLife) {
        /** What a token must live longer than the call it is sent with (contracts, "Browser session"). */
        private static final Duration TOKEN_MARGIN = Duration.ofSeconds(5);

        /** A person waits, and a connection and a place among the requests in flight are held meanwhile. */
        private static final Duration LONGEST_ORDER = Duration.ofSeconds(60);

        public Upstream {
            Misconfigured.unless(
                    connectTimeout.isPositive()
                            && responseTimeout.isPositive()
                            && acquireTimeout.isPositive()
                            && maxIdle.isPositive()
                            && maxLife.isPositive(),
                    "The durations of gateway.upstream must be positive");
            Misconfigured.unless(
                    orderTimeout.isPositive() && orderTimeout.compareTo(LONGEST_ORDER) <= 0,
                    "gateway.upstream.order-timeout must be positive and at most 60s");
            // A configuration of before this key may give every call more.
            orderTimeout = orderTimeout.compareTo(responseTimeout) < 0 ? responseTimeout : orderTimeout;
            Misconfigured.unless(
                    maxConnections > 0 && maxPending > 0,
                    "gateway.upstream.max-connections and gateway.upstream.max-pending must be positive");
        }

        /** A token inside a session is forwarded only with this much of its life left. */
        public Duration minTokenLeft() {
            return minTokenLeft(responseTimeout);
        }

        /** The same for a call that may take this long. */
        public static Duration minTokenLeft(Duration callTimeout) {
            return callTimeout.plus(TOKEN_MARGIN);
        }
    }

    /**
     * Pacing of renewals.
     *
     * @param briefWait how long a request with a usable token waits for the renewal it started
     * @param fullWait how long one without a usable token waits
     * @param maxInFlight renewals of this node at the authorization server at once
     * @param perSecond renewals that this node starts in a second
     * @param maxHeld results kept for others with the old cookie, about 6 KB each
     */
    public record Renewal(
            @DefaultValue("300ms") Duration briefWait,
            @DefaultValue("3s") Duration fullWait,
            @DefaultValue("32") int maxInFlight,
            @DefaultValue("200") int perSecond,
            @DefaultValue("5000") int maxHeld) {
        public Renewal {
            Misconfigured.unless(
                    briefWait.isPositive() && fullWait.compareTo(briefWait) >= 0,
                    "gateway.renewal.brief-wait must be positive and not longer than gateway.renewal.full-wait");
            Misconfigured.unless(
                    maxInFlight > 0 && perSecond > 0 && maxHeld > 0,
                    "gateway.renewal.max-in-flight, per-second and max-held must be positive");
        }
    }

    /**
     * Local rate limits, each a number per second with bursts of twice to ten times it.
     *
     * @param perAddress all requests of one address; generous, because offices share one
     * @param perSubject API calls of one user or service
     * @param loginStarts {@code GET /login} and the callback, by address
     * @param passwordAttempts {@code POST /auth/login} and {@code /auth/reset}, by address
     * @param tokenRequests {@code POST /auth/oauth2/token}, by address
     * @param failedTokens tokens that failed verification, by address, after which only known tokens pass
     */
    public record RateLimit(
            @DefaultValue("2000") int perAddress,
            @DefaultValue("500") int perSubject,
            @DefaultValue("20") int loginStarts,
            @DefaultValue("10") int passwordAttempts,
            @DefaultValue("50") int tokenRequests,
            @DefaultValue("2") int failedTokens) {
        public RateLimit {
            Misconfigured.unless(
                    perAddress > 0
                            && perSubject > 0
                            && loginStarts > 0
                            && passwordAttempts > 0
                            && tokenRequests > 0
                            && failedTokens > 0,
                    "The rates of gateway.rate-limit must be positive");
        }
    }

    /**
     * Sizes of what clients may send, and how long they may take.
     *
     * @param apiBody largest body of an API call
     * @param authBody largest body of a form of the authorization server
     * @param requestTime from a request's head to the end of its body; past it the connection is closed
     */
    public record Limits(
            @DefaultValue("1MB") DataSize apiBody,
            @DefaultValue("64KB") DataSize authBody,
            @DefaultValue("30s") Duration requestTime) {
        public Limits {
            Misconfigured.unless(
                    requestTime.isPositive(), "gateway.limits.request-time must be positive, not " + requestTime);
        }
    }

    private static void requireBase(String key, String meaning, URI value) {
        URI url = Misconfigured.required(key, meaning, value);
        boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        boolean bare = url.getRawPath() == null || url.getRawPath().isEmpty();
        Misconfigured.unless(
                http && url.getHost() != null && bare && url.getRawQuery() == null,
                key + " must be scheme, host and port only, such as http://127.0.0.1:9000, not " + url);
    }
}
