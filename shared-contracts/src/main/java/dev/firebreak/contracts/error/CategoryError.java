package dev.firebreak.contracts.error;

/** Categories. */
public enum CategoryError implements ErrorCode {
    NOT_FOUND(
            "category.not_found",
            Kind.NOT_FOUND,
            Actor.USER,
            "Category not found",
            "There is no such category, or it belongs to somebody else."),
    CHANGED(
            "category.changed",
            Kind.PRECONDITION,
            Actor.USER,
            "Category changed meanwhile",
            "The category was changed since you read it. Read it again and repeat your change."),
    CONDITION_REQUIRED(
            "category.condition_required",
            Kind.PRECONDITION_REQUIRED,
            Actor.USER,
            "If-Match required",
            "Changing a category needs the If-Match header with the ETag that you read."),
    NAME_TAKEN(
            "category.name_taken",
            Kind.CONFLICT,
            Actor.USER,
            "Category name taken",
            "You already have a category with this name."),
    LIMIT_REACHED(
            "category.limit_reached",
            Kind.CONFLICT,
            Actor.USER,
            "Category limit reached",
            "You have as many categories as one account may have. Delete some first.");

    private final String code;
    private final Kind kind;
    private final Actor act;
    private final String title;
    private final String help;

    CategoryError(String code, Kind kind, Actor act, String title, String help) {
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
