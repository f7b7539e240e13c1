package dev.firebreak.auth.user;

import java.text.Normalizer;
import java.util.Locale;

/** What makes two spellings the same address: NFKC and lower case. Never shown, never mailed to. */
public record EmailKey(String value) {
    /** The key of an address as somebody typed it. */
    public static EmailKey of(String email) {
        return new EmailKey(
                Normalizer.normalize(email.strip(), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT));
    }
}
