package dev.firebreak.auth.grant;

/** Where a key of the refresh tokens' MAC is in its life. */
enum MacKeyState {
    /** Nodes are getting it; whoever has it accepts its tokens. */
    VERIFYING("verifying"),
    /** Makes new tokens. */
    MAKING("making"),
    /** Makes no more; its tokens are still good. */
    OLD("old");

    private final String wireName;

    MacKeyState(String wireName) {
        this.wireName = wireName;
    }

    /** Name in the database and for operators. */
    String wireName() {
        return wireName;
    }

    static MacKeyState ofWireName(String name) {
        for (MacKeyState state : values()) {
            if (state.wireName.equals(name)) {
                return state;
            }
        }
        throw new IllegalArgumentException("Unknown state of a MAC key: " + name);
    }
}
