package dev.firebreak.contracts.error;

/** Users and their sign-in. */
public enum UserError implements ErrorCode {
    NOT_FOUND("user.not_found", Kind.NOT_FOUND, Actor.OPERATOR, "User not found", "There is no such user."),
    EMAIL_TAKEN(
            "user.email_taken",
            Kind.CONFLICT,
            Actor.OPERATOR,
            "E-mail address taken",
            "Another user already has this e-mail address."),
    DEMO_REFUSED(
            "user.demo_refused",
            Kind.FORBIDDEN,
            Actor.OPERATOR,
            "Demo accounts refused",
            "Demo accounts may exist in the local profile only."),
    DISABLED(
            "user.disabled",
            Kind.FORBIDDEN,
            Actor.OPERATOR,
            "Account disabled",
            "The account is disabled. An operator can enable it again."),
    BAD_CREDENTIALS(
            "user.bad_credentials",
            Kind.UNAUTHENTICATED,
            Actor.USER,
            "E-mail or password wrong",
            "The e-mail address or the password is not right."),
    LAST_OPERATOR(
            "user.last_operator",
            Kind.CONFLICT,
            Actor.OPERATOR,
            "Last operator",
            "This is the last active operator; give the role to somebody else first.");

    private final String code;
    private final Kind kind;
    private final Actor act;
    private final String title;
    private final String help;

    UserError(String code, Kind kind, Actor act, String title, String help) {
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
