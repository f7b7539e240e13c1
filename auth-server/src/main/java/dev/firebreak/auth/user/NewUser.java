package dev.firebreak.auth.user;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.error.ServiceException.Violation;
import java.util.ArrayList;
import java.util.List;

/**
 * A user to be made.
 *
 * @param password 8 to 128 characters; hashed at once and never kept
 * @param demo made by the local stack; refused elsewhere
 */
public record NewUser(String email, String name, String password, UserAccount.Role role, boolean demo) {
    /** RFC 5321 limits a path to 256 octets with its brackets. */
    static final int MAX_EMAIL = 254;

    static final int MAX_NAME = 100;

    /** Refuses what breaks a rule, with all violations at once. */
    void requireValid() {
        List<Violation> violations = new ArrayList<>();
        if (!isAddress(email.strip())) {
            violations.add(new Violation("/email", "must be an e-mail address of at most 254 characters"));
        }
        if (name.isBlank() || name.strip().length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            violations.add(new Violation("/name", "must have 1 to 100 characters, none of them a control character"));
        }
        if (!NewPassword.isFit(password)) {
            violations.add(new Violation("/password", NewPassword.RULE));
        }
        if (!violations.isEmpty()) {
            throw new ServiceException(RequestError.INVALID, "The user is not valid.", violations);
        }
    }

    /** Only what can never be an address is refused; whether mail arrives is for mail to find out. */
    static boolean isAddress(String email) {
        int at = email.lastIndexOf('@');
        return at > 0
                && at < email.length() - 1
                && email.length() <= MAX_EMAIL
                && email.chars().noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c));
    }

    @Override
    public String toString() {
        return "NewUser[role=" + role + ", demo=" + demo + "]";
    }
}
