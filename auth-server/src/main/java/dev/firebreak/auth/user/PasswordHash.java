package dev.firebreak.auth.user;

/** The hash of a new password on its way to the user's row: made before the transaction that stores it begins. */
public final class PasswordHash {
    private final String encoded;

    PasswordHash(String encoded) {
        this.encoded = encoded;
    }

    /** As it is stored. */
    String encoded() {
        return encoded;
    }

    @Override
    public String toString() {
        return "PasswordHash[***]";
    }
}
