package dev.firebreak.contracts.error;

/** What the vault of Google tokens says instead of a token. */
public enum VaultError implements ErrorCode {
    RECONNECT_REQUIRED(
            "vault.reconnect_required",
            Kind.CONFLICT,
            Actor.USER,
            "Google must be connected again",
            "Google no longer honours this connection; the member reason says why. Connect it again under Connections; nothing else is affected."),
    NOT_CONNECTED(
            "vault.not_connected",
            Kind.NOT_FOUND,
            Actor.USER,
            "Google not connected",
            "The user has not connected this Google service. It can be connected under Connections."),
    NOT_ALLOWED(
            "vault.not_allowed",
            Kind.FORBIDDEN,
            Actor.USER,
            "Google token not allowed",
            "The user has not switched this integration on, or the calling service may not use it."),
    GOOGLE_UNAVAILABLE(
            "vault.google_unavailable",
            Kind.UNAVAILABLE,
            Actor.RETRY,
            "Google not available",
            "Google does not answer, and no token is held that lives long enough. The connection is kept; try again shortly."),
    SATURATED(
            "vault.saturated",
            Kind.UNAVAILABLE,
            Actor.RETRY,
            "Vault saturated",
            "The vault already renews as many tokens as it can. Tokens that are held are still given; try again shortly.");

    private final String code;
    private final Kind kind;
    private final Actor act;
    private final String title;
    private final String help;

    VaultError(String code, Kind kind, Actor act, String title, String help) {
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
