package dev.firebreak.contracts.error;

/** Cross-site request forgery rule of the gateway. */
public enum CsrfError implements ErrorCode {
    REFUSED(
            "csrf.refused",
            Kind.FORBIDDEN,
            Actor.USER,
            "Cross-site request refused",
            "A changing request with a session cookie must come from this site and carry the header X-Firebreak: 1.");

    private final String code;
    private final Kind kind;
    private final Actor act;
    private final String title;
    private final String help;

    CsrfError(String code, Kind kind, Actor act, String title, String help) {
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
