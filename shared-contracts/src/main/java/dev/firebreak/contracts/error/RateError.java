package dev.firebreak.contracts.error;

/** Rate limits. */
public enum RateError implements ErrorCode {
    LIMITED(
            "rate.limited",
            Kind.RATE_LIMITED,
            Actor.RETRY,
            "Too many requests",
            "Too many requests in a short time. Wait for the time given in Retry-After.");

    private final String code;
    private final Kind kind;
    private final Actor act;
    private final String title;
    private final String help;

    RateError(String code, Kind kind, Actor act, String title, String help) {
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
