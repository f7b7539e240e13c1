package dev.firebreak.auth.audit;

/**
 * What an entry is about. In the journal a signing key is its id alone, because such entries came first and a hash holds
 * them; everything else has its kind in front.
 *
 * @param kind one of the constants here, or one of a newer version
 * @param id without colons at its beginning; what it names is the writing module's business
 */
public record Subject(String kind, String id) {
    public static final String SIGNING_KEY = "signing-key";
    /** A key of the refresh tokens' MAC. */
    public static final String REFRESH_KEY = "refresh-key";
    /** A key-encryption key. */
    public static final String KEK = "kek";

    public static final String USER = "user";
    public static final String SESSION = "session";
    public static final String CLIENT = "client";
    /** Who is told of events by a webhook. */
    public static final String WEBHOOK = "webhook";
    /** One access token, by its {@code jti}. */
    public static final String TOKEN = "token";

    private static final char SEPARATOR = ':';

    /** As a row holds it. */
    public String text() {
        return kind.equals(SIGNING_KEY) ? id : kind + SEPARATOR + id;
    }

    /** Ids of signing keys are thumbprints in base64url, which has no colon. */
    static Subject parse(String text) {
        int end = text.indexOf(SEPARATOR);
        return end < 0 ? new Subject(SIGNING_KEY, text) : new Subject(text.substring(0, end), text.substring(end + 1));
    }
}
