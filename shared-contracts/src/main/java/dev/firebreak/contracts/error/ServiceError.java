package dev.firebreak.contracts.error;

/** Trouble of a service as a whole. */
public enum ServiceError implements ErrorCode {
    SATURATED(
            "service.saturated",
            Kind.UNAVAILABLE,
            Actor.RETRY,
            "Service saturated",
            "The service already works on as many requests as it can finish in time. Try again after the time given."),
    STARTING(
            "service.starting",
            Kind.UNAVAILABLE,
            Actor.RETRY,
            "Service starting",
            "The service has not yet read what it needs to serve its first request."),
    UPSTREAM_UNAVAILABLE(
            "service.upstream_unavailable",
            Kind.UNAVAILABLE,
            Actor.RETRY,
            "Service not reachable",
            "The service behind the gateway cannot be reached. Your session is kept; try again shortly."),
    UPSTREAM_TIMEOUT(
            "service.upstream_timeout",
            Kind.UNAVAILABLE,
            Actor.RETRY,
            "Service did not answer in time",
            "The service behind the gateway did not answer in time. A change may or may not have been made; read before you repeat it."),
    INTERNAL(
            "internal",
            Kind.INTERNAL,
            Actor.OPERATOR,
            "Internal error",
            "Something failed that should not. The trace id leads an operator to the reason.");

    private final String code;
    private final Kind kind;
    private final Actor act;
    private final String title;
    private final String help;

    ServiceError(String code, Kind kind, Actor act, String title, String help) {
        this.code = code;
        this.kind = kind;
        this.act = act;
        this.title = title;
        this.help = help;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public Actor act() {
        return act;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String help() {
        return help;
    }
}
