package dev.firebreak.contracts.http;

/** Header names of our own; standard headers keep their standard constants. */
public final class Headers {
    /** Proof that a script of this origin made the request; its value is {@code 1} (contracts, "CSRF"). */
    public static final String CSRF = "X-Firebreak";

    /**
     * Milliseconds that the caller will still wait, a positive integer. Time left rather than a point in time, so that
     * clocks need not agree (as gRPC's {@code grpc-timeout}).
     */
    public static final String TIMEOUT = "Firebreak-Timeout-Ms";

    /** Address of the client as the gateway saw it; stripped from every incoming request. */
    public static final String CLIENT_ADDRESS = "Firebreak-Client-Address";

    /**
     * Says that the receiver does a request with this key once, however often it arrives
     * (draft-ietf-httpapi-idempotency-key-header). Send it only to who keeps that promise.
     */
    public static final String IDEMPOTENCY_KEY = "Idempotency-Key";

    /**
     * On a 503: the service refused for want of room, and nothing behind it is broken; its value is {@code 1}. Whoever
     * sends it much sends it less from then on (ADR 15). As Envoy's {@code x-envoy-overloaded}.
     */
    public static final String OVERLOADED = "Firebreak-Overloaded";

    /** W3C Trace Context. */
    public static final String TRACEPARENT = "traceparent";

    private Headers() {}
}
