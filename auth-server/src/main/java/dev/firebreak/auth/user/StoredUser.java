package dev.firebreak.auth.user;

/** A row of {@code user_account} as far as sign-in needs it; the only type that carries a password hash. */
record StoredUser(UserAccount account, String passwordHash) {
    @Override
    public String toString() {
        return "StoredUser[account=" + account.id() + ", passwordHash=***]";
    }
}
