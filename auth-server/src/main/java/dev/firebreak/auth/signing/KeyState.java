package dev.firebreak.auth.signing;

/** Where a signing key is in its life (architecture, "Key rotation"). */
public enum KeyState {
    /** Made, nobody has it yet. */
    STAGED("staged", false),
    /** Verifiers are getting it. */
    PUBLISHED("published", true),
    /** Signs. */
    ACTIVE("active", true),
    /** Signs no more; its tokens are still good. */
    RETIRING("retiring", true),
    /** Its last token has expired. */
    RETIRED("retired", false),
    /** Taken back: its tokens are bad. */
    REVOKED("revoked", false);

    private final String wireName;
    private final boolean verifies;

    KeyState(String wireName, boolean verifies) {
        this.wireName = wireName;
        this.verifies = verifies;
    }

    /** Name in the database and in the feed. */
    public String wireName() {
        return wireName;
    }

    /** True if verifiers get the public half. */
    boolean verifies() {
        return verifies;
    }

    static KeyState ofWireName(String name) {
        for (KeyState state : values()) {
            if (state.wireName.equals(name)) {
                return state;
            }
        }
        throw new IllegalArgumentException("Unknown state of a signing key: " + name);
    }
}
