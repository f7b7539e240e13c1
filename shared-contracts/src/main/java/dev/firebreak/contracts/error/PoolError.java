package dev.firebreak.contracts.error;

/** Trouble between a service and its database. */
public enum PoolError implements ErrorCode {
    SATURATED(
            "pool.saturated",
            Kind.UNAVAILABLE,
            Actor.RETRY,
            "Database connections exhausted",
            "All database connections are busy and the queue for them is full or too slow. Try again after the time given."),
    UNAVAILABLE(
            "pool.unavailable",
            Kind.UNAVAILABLE,
            Actor.RETRY,
            "Database not reachable",
            "The database does not answer. Nothing that was acknowledged is lost; try again shortly."),
    SCHEMA_BEHIND(
            "pool.schema_behind",
            Kind.UNAVAILABLE,
            Actor.OPERATOR,
            "Database schema behind",
            "The database has an older schema than this code needs. Run the migrate step.");

    private final String code;
    private final Kind kind;
    private final Actor act;
    private final String title;
    private final String help;

    PoolError(String code, Kind kind, Actor act, String title, String help) {
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
