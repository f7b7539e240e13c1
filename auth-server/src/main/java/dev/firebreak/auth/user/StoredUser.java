package dev.firebreak.auth.user;

/**
 * A row of {@code user_account} as far as sign-in needs it; the only type that carries a password hash.
 *
 * @param version grows with each change of the row
 * @param passwordHash {@link #NO_PASSWORD} while the user has not chosen one
 */
record StoredUser(UserAccount account, int version, String passwordHash) {
    /** Stands where there is no password yet. No hash is empty, so nothing matches it. */
    static final String NO_PASSWORD = "";

    boolean hasPassword() {
        return !passwordHash.equals(NO_PASSWORD);
    }

    @Override
    public String toString() {
        return "StoredUser[account=" + account.id() + ", passwordHash=***]";
    }
}
