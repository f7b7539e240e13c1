package dev.firebreak.contracts.error;

/** Keys of the refresh tokens' MAC. */
public enum RefreshKeyError implements ErrorCode {
    NOT_FOUND(
            "refresh_key.not_found",
            Kind.NOT_FOUND,
            Actor.USER,
            "Key not found",
            "There is no such key of refresh tokens."),
    CHANGED(
            "refresh_key.changed",
            Kind.CONFLICT,
            Actor.RETRY,
            "Keys moved meanwhile",
            "Another operator or a rotation moved a key of refresh tokens at the same moment. Look at the keys and order again."),
    ROTATION_UNDER_WAY(
            "refresh_key.rotation_under_way",
            Kind.CONFLICT,
            Actor.OPERATOR,
            "Rotation under way",
            "A new key of the refresh tokens waits until every authorization server has loaded it. The list of keys names those it waits for.");

    private final String code;
    private final Kind kind;
    private final Actor act;
    private final String title;
    private final String help;

    RefreshKeyError(String code, Kind kind, Actor act, String title, String help) {
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
