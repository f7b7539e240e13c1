package dev.firebreak.contracts.error;

/** Faults of a request as such, the same for every service. */
public enum RequestError implements ErrorCode {
    INVALID(
            "request.invalid",
            Kind.INVALID,
            Actor.USER,
            "Request not valid",
            "The request does not fit the documented form. The violations name each field and what is wrong with it."),
    MALFORMED(
            "request.malformed",
            Kind.INVALID,
            Actor.USER,
            "Request malformed",
            "The request could not be read: broken JSON, a forbidden path form, or a header that does not parse."),
    UNKNOWN_PATH(
            "request.unknown_path", Kind.NOT_FOUND, Actor.USER, "No such address", "There is nothing at this address."),
    METHOD_NOT_ALLOWED(
            "request.method_not_allowed",
            Kind.METHOD_NOT_ALLOWED,
            Actor.USER,
            "Method not allowed",
            "This address exists but does not offer this method. The Allow header names those it offers."),
    NOT_ACCEPTABLE(
            "request.not_acceptable",
            Kind.NOT_ACCEPTABLE,
            Actor.USER,
            "No acceptable representation",
            "The answer cannot be given in any of the media types that the request accepts."),
    UNSUPPORTED_MEDIA(
            "request.unsupported_media",
            Kind.UNSUPPORTED_MEDIA,
            Actor.USER,
            "Content type not supported",
            "The body has a content type that this address does not read. JSON is meant almost everywhere."),
    TOO_LARGE(
            "request.too_large",
            Kind.TOO_LARGE,
            Actor.USER,
            "Request too large",
            "The body or headers are larger than this address allows."),
    DEADLINE_EXCEEDED(
            "request.deadline_exceeded",
            Kind.UNAVAILABLE,
            Actor.RETRY,
            "Deadline passed",
            "The caller's deadline passed before the work could be done. Nothing was changed; try again.");

    private final String code;
    private final Kind kind;
    private final Actor act;
    private final String title;
    private final String help;

    RequestError(String code, Kind kind, Actor act, String title, String help) {
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
