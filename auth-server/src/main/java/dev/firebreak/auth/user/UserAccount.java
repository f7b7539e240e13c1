package dev.firebreak.auth.user;

import java.util.UUID;

/**
 * What other modules may know of a user; never the password hash.
 *
 * @param email address as the user wrote it; unique regardless of case
 * @param disabled a disabled user cannot sign in, and what they had was revoked
 * @param demo made by the local stack
 */
public record UserAccount(UUID id, String email, String name, Role role, boolean disabled, boolean demo) {
    /** What a user may do beyond their own data. */
    public enum Role {
        USER,
        OPERATOR;

        /** Name in tokens, in the database and on the wire. */
        public String wireName() {
            return switch (this) {
                case USER -> "user";
                case OPERATOR -> "operator";
            };
        }

        /** The role with this wire name; {@link IllegalArgumentException} if there is none. */
        public static Role ofWireName(String name) {
            for (Role role : values()) {
                if (role.wireName().equals(name)) {
                    return role;
                }
            }
            throw new IllegalArgumentException("Unknown role: " + name);
        }
    }
}
