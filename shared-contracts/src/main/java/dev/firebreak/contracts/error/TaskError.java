package dev.firebreak.contracts.error;

/** Tasks. */
public enum TaskError implements ErrorCode {
    NOT_FOUND(
            "task.not_found",
            Kind.NOT_FOUND,
            Actor.USER,
            "Task not found",
            "There is no such task, or it belongs to somebody else."),
    CHANGED(
            "task.changed",
            Kind.PRECONDITION,
            Actor.USER,
            "Task changed meanwhile",
            "The task was changed since you read it. Read it again and repeat your change."),
    CONDITION_REQUIRED(
            "task.condition_required",
            Kind.PRECONDITION_REQUIRED,
            Actor.USER,
            "If-Match required",
            "Changing a task needs the If-Match header with the ETag that you read, so that nobody's change is lost."),
    ALREADY_COMPLETED(
            "task.already_completed",
            Kind.CONFLICT,
            Actor.USER,
            "Task already completed",
            "The task was completed before."),
    LIMIT_REACHED(
            "task.limit_reached",
            Kind.CONFLICT,
            Actor.USER,
            "Task limit reached",
            "You have as many tasks as one account may have. Delete some first.");

    private final String code;
    private final Kind kind;
    private final Actor act;
    private final String title;
    private final String help;

    TaskError(String code, Kind kind, Actor act, String title, String help) {
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
