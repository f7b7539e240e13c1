package dev.firebreak.contracts.error;

/** What can happen to a browser session at the gateway. */
public enum SessionError implements ErrorCode {
    ENDED(
            "session.ended",
            Kind.UNAUTHENTICATED,
            Actor.USER,
            "Session ended",
            "This session was signed out, revoked, or has reached its end. Sign in again."),
    INVALID(
            "session.invalid",
            Kind.UNAUTHENTICATED,
            Actor.USER,
            "Session cookie not valid",
            "The session cookie was altered or sealed with a retired key. Sign in again."),
    KEY_UNKNOWN(
            "session.key_unknown",
            Kind.UNAVAILABLE,
            Actor.RETRY,
            "Session key not known on this node",
            "The session cookie was sealed with a key that this node does not have yet. The session is kept; try again, or sign in again."),
    RENEWING(
            "session.renewing",
            Kind.UNAVAILABLE,
            Actor.RETRY,
            "Session is being renewed",
            "Many sessions are being renewed at once and yours is waiting its turn. It is kept; try again shortly."),
    TOO_LARGE(
            "session.too_large",
            Kind.INTERNAL,
            Actor.OPERATOR,
            "Session too large",
            "The session does not fit into a cookie. The detail names the claim that grew."),
    LOGIN_STATE(
            "session.login_state",
            Kind.INVALID,
            Actor.USER,
            "Sign-in step not recognised",
            "This answer does not belong to a sign-in that was started in this browser, or it took longer than ten minutes. Start again."),
    LOGIN_REFUSED(
            "session.login_refused",
            Kind.INVALID,
            Actor.USER,
            "Sign-in was not completed",
            "The authorization server refused or cancelled the sign-in. Start again.");

    private final String code;
    private final Kind kind;
    private final Actor act;
    private final String title;
    private final String help;

    SessionError(String code, Kind kind, Actor act, String title, String help) {
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
