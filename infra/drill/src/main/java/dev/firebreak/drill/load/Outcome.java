package dev.firebreak.drill.load;

/** What became of one request, as its sender sees it. */
public enum Outcome {
    /** 2xx within the time that a caller waits. */
    GOOD,
    /** Refused at once because there is too much: 503 or 429 that says when to come back. */
    SHED,
    /** Something behind is away: another 503 that says when to come back. */
    UNAVAILABLE,
    /** Told that the session is no good, although it is: 401, a redirect to the sign-in, a cleared cookie. */
    WRONG_401,
    /** Any other answer, a bare 5xx for instance. */
    FAILED,
    /** No answer within the time that a caller waits. */
    TIMED_OUT,
    /** The connection broke. */
    BROKEN,
    /** Never sent: more requests than the generator may have open were open already. Counts as a failure. */
    NOT_SENT;

    private static final Outcome[] ALL = values();

    static Outcome of(int ordinal) {
        return ALL[ordinal];
    }
}
