package dev.firebreak.contracts.error;

/** Orders on signing keys. */
public enum KeyError implements ErrorCode {
    NOT_FOUND(
            "keys.not_found",
            Kind.NOT_FOUND,
            Actor.USER,
            "Key not found",
            "There is no such signing key, or none in a state that fits the order."),
    ILLEGAL_MOVE(
            "keys.illegal_move",
            Kind.CONFLICT,
            Actor.USER,
            "Not from this state",
            "A key in this state cannot be moved like that. The detail says what can be done instead."),
    UNCONFIRMED(
            "keys.unconfirmed",
            Kind.CONFLICT,
            Actor.OPERATOR,
            "Verifiers lack the key",
            "A key signs only after every live verifier has acknowledged it. Bring the verifiers named to ask the trust feed, or wait until they are forgotten."),
    TOO_EARLY(
            "keys.too_early",
            Kind.CONFLICT,
            Actor.USER,
            "Third parties may lack the key",
            "Third parties may still keep a set of keys without this one, or tokens of it are still alive. Wait until the time given; activate may be forced, with a reason."),
    FROZEN(
            "keys.frozen",
            Kind.CONFLICT,
            Actor.USER,
            "Frozen",
            "The schedule is frozen at the moment. Wait until the time given, or force the order, with a reason."),
    CHANGED(
            "keys.changed",
            Kind.CONFLICT,
            Actor.RETRY,
            "Keys moved meanwhile",
            "Another operator or the schedule moved a key at the same moment. Look at the keys and order again.");

    private final String code;
    private final Kind kind;
    private final Actor act;
    private final String title;
    private final String help;

    KeyError(String code, Kind kind, Actor act, String title, String help) {
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
