package dev.firebreak.contracts.token;

import java.time.Duration;

/** Life times that more than one process must know (contracts, "Tokens and life times"). */
public final class Lifetimes {
    /** Life of an access token. */
    public static final Duration ACCESS_TOKEN = Duration.ofMinutes(15);

    /** Age at which the gateway starts to renew: leaves at least 9 minutes of outage budget after jitter and queueing. */
    public static final Duration RENEW_AFTER = Duration.ofMinutes(5);

    /** Spread of the renewal age, so that sessions that began together do not renew together. */
    public static final Duration RENEW_JITTER = Duration.ofSeconds(30);

    /** How far clocks may differ when {@code exp} and {@code nbf} are judged. */
    public static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    /** Life of an authorization code. */
    public static final Duration AUTHORIZATION_CODE = Duration.ofSeconds(60);

    /** Life of one step before sign-in: the sealed sign-in and login cookies. */
    public static final Duration SIGN_IN_STEP = Duration.ofMinutes(10);

    /** Life of an ID token. */
    public static final Duration ID_TOKEN = Duration.ofMinutes(5);

    /** A refresh family unused for this long ends. */
    public static final Duration REFRESH_IDLE = Duration.ofDays(14);

    /** A refresh family ends this long after sign-in, whatever happens. */
    public static final Duration REFRESH_ABSOLUTE = Duration.ofDays(30);

    /** An SSO session unused for this long asks for credentials again. */
    public static final Duration SSO_IDLE = Duration.ofHours(8);

    /** The same with "keep me signed in". */
    public static final Duration SSO_REMEMBERED = Duration.ofDays(30);

    /** Longest life of a client assertion. */
    public static final Duration CLIENT_ASSERTION = Duration.ofSeconds(60);

    /** An operator's order needs a sign-in so recent, or a strong one (RFC 9470). */
    public static final Duration RECENT_SIGN_IN = Duration.ofMinutes(5);

    /** A verifier whose trust data is older than this judges nothing any more. */
    public static final Duration TRUST_HARD_CAP = Duration.ofMinutes(60);

    /** Trust data younger than this proves that an unknown key does not exist. */
    public static final Duration TRUST_FRESH = Duration.ofSeconds(5);

    private static final Duration SAME_MOMENT = Duration.ofSeconds(1);

    private Lifetimes() {}

    /**
     * Whether trust data of this age proves that an unknown key does not exist. A negative age proves nothing: the clock
     * was set back, and nobody can tell how old the data is. A moment is allowed, because data may arrive between the look
     * at the clock and the look at the data.
     */
    public static boolean isFresh(Duration trustAge) {
        return trustAge.compareTo(SAME_MOMENT.negated()) > 0 && trustAge.compareTo(TRUST_FRESH) < 0;
    }
}
