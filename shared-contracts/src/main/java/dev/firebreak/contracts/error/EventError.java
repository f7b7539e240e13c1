package dev.firebreak.contracts.error;

/** The events feed. */
public enum EventError implements ErrorCode {
    CURSOR_TOO_OLD(
            "events.cursor_too_old",
            Kind.GONE,
            Actor.OPERATOR,
            "Cursor too old",
            "Events after this cursor have been deleted: they are kept for 30 days. Ask without epoch and cursor to begin with the oldest, and compare all you have."),
    CURSOR_UNKNOWN(
            "events.cursor_unknown",
            Kind.INVALID,
            Actor.OPERATOR,
            "Cursor not known",
            "No event of this epoch has so high a number. Ask with the epoch and the cursor of one and the same answer."),
    NO_DELIVERY(
            "events.no_delivery",
            Kind.NOT_FOUND,
            Actor.OPERATOR,
            "No such delivery",
            "There is no dead letter of this webhook and event: it was delivered, replayed or deleted, or never was.");

    private final String code;
    private final Kind kind;
    private final Actor act;
    private final String title;
    private final String help;

    EventError(String code, Kind kind, Actor act, String title, String help) {
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
