package dev.firebreak.contracts.error;

/** Google accounts that users connect. Most of these are pages, for whoever came back from Google without a connection. */
public enum ConnectionError implements ErrorCode {
    NOT_FOUND(
            "connection.not_found",
            Kind.NOT_FOUND,
            Actor.USER,
            "No such connection",
            "You have no connection with this id: it was disconnected, or it never was yours. Look at the list again."),
    NOT_CONFIGURED(
            "connection.not_configured",
            Kind.NOT_FOUND,
            Actor.OPERATOR,
            "Google is not set up here",
            "This installation has no client at Google, so nothing of Google can be connected. An operator can set one up."),
    ATTEMPT_UNKNOWN(
            "connection.attempt_unknown",
            Kind.FORBIDDEN,
            Actor.USER,
            "This answer belongs to another attempt",
            "Google's answer does not belong to an attempt that you began in this browser and sign-in, or it took longer than ten minutes, or it was used before. Nothing was stored by it. Look at your connections, and connect again if it is not there."),
    OTHER_USER(
            "connection.other_user",
            Kind.CONFLICT,
            Actor.USER,
            "Somebody else is signed in",
            "The page that you came from belongs to another user than the one who is signed in to the sign-in service. Nothing was stored. Sign out, sign in again, and connect then."),
    OTHER_ACCOUNT(
            "connection.other_account",
            Kind.CONFLICT,
            Actor.USER,
            "Another Google account was chosen",
            "You wanted to connect a certain Google account and chose another one at Google. Nothing was stored. Start again and choose the account that your connections name, or connect the other one as a further account."),
    DENIED(
            "connection.denied",
            Kind.FORBIDDEN,
            Actor.USER,
            "You did not allow the access",
            "You cancelled at Google or refused the access. Nothing was stored. You can connect again at any time."),
    ADMIN_POLICY(
            "connection.admin_policy",
            Kind.FORBIDDEN,
            Actor.USER,
            "Your organisation does not allow this",
            "The administrator of your Google Workspace does not allow this application, or not this access. Ask them to allow it in their Admin console, or connect a private Google account."),
    ORGANISATION_ONLY(
            "connection.organisation_only",
            Kind.FORBIDDEN,
            Actor.OPERATOR,
            "Only for another organisation",
            "The client at Google is open to accounts of one organisation only, and the account chosen is not of it. An operator can open the client to others, or you choose an account of that organisation."),
    BROWSER_REFUSED(
            "connection.browser_refused",
            Kind.FORBIDDEN,
            Actor.USER,
            "Google does not accept this browser",
            "Google does not let people sign in inside of other applications. Open this site in Chrome, Firefox, Safari or Edge itself and connect there."),
    SCOPE_REFUSED(
            "connection.scope_refused",
            Kind.CONFLICT,
            Actor.OPERATOR,
            "Google does not know this access",
            "Google refuses the access that we asked for: it is not enabled or not verified for our client. An operator must enable it in Google's console."),
    MISCONFIGURED(
            "connection.misconfigured",
            Kind.CONFLICT,
            Actor.OPERATOR,
            "Our client at Google is set up wrongly",
            "Google refuses our client: its id, its secret or its redirect address is not what Google's console has. An operator must compare the two; the log names Google's reason."),
    REFUSED(
            "connection.refused",
            Kind.CONFLICT,
            Actor.OPERATOR,
            "Google refused",
            "Google refused for a reason that we do not know. Nothing was stored. Try again once; if it comes again, an operator finds Google's reason in the log."),
    CODE_REFUSED(
            "connection.code_refused",
            Kind.CONFLICT,
            Actor.USER,
            "Google's answer was too old",
            "Google did not accept its own answer any more: it was used before or is too old. Nothing was stored by it. Connect again."),
    NO_LASTING_ACCESS(
            "connection.no_lasting_access",
            Kind.CONFLICT,
            Actor.USER,
            "Google gave no lasting access",
            "Google let us in for an hour only, also when asked again. Nothing was stored. Remove this application at myaccount.google.com/connections, then connect again."),
    GOOGLE_BUSY(
            "connection.google_busy",
            Kind.UNAVAILABLE,
            Actor.RETRY,
            "Google does not answer",
            "Google has trouble, or too many people connect at once. Nothing was stored, and what you connected before stays. Connect again in a moment.");

    private final String code;
    private final Kind kind;
    private final Actor act;
    private final String title;
    private final String help;

    ConnectionError(String code, Kind kind, Actor act, String title, String help) {
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
