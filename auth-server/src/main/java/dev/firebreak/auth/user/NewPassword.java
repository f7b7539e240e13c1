package dev.firebreak.auth.user;

/**
 * A password that somebody chose, as it goes to be hashed. Length is the only rule (NIST SP 800-63B, 3.1.1.2): rules on which
 * characters a password must have make people choose worse ones.
 *
 * @param text 8 to 128 characters
 */
public record NewPassword(String text) {
    /** The rule in words, to follow the name of the field. */
    public static final String RULE = "must have 8 to 128 characters";

    private static final int MIN = 8;
    private static final int MAX = 128;

    public NewPassword {
        if (!isFit(text)) {
            throw new IllegalArgumentException("A password " + RULE);
        }
    }

    /** Whether the text may be a password. */
    public static boolean isFit(String text) {
        int length = text.codePointCount(0, text.length());
        return length >= MIN && length <= MAX;
    }

    @Override
    public String toString() {
        return "NewPassword[***]";
    }
}
