package dev.firebreak.auth.client;

/** Groups of internal endpoints, each allowed to a client by its file. */
public enum InternalCall {
    TRUST("trust"),
    SESSIONS("sessions"),
    /** Given by the file's key {@code events}, which also says what the client may see there. */
    EVENTS("events"),
    OPS("ops"),
    VAULT("vault");

    private final String wireName;

    InternalCall(String wireName) {
        this.wireName = wireName;
    }

    /** First path segment after {@code /internal/v1/}, and the name in the client's file. */
    public String wireName() {
        return wireName;
    }
}
