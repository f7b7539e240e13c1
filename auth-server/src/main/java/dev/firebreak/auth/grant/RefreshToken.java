package dev.firebreak.auth.grant;

import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A refresh token taken apart: {@code rt1.<mac key id>.<family>.<generation>.<HMAC-SHA-256>}. Nothing of it is stored; the
 * MAC is what proves it, so that a successor can be recomputed whenever its first answer was lost.
 *
 * @param macKeyId key of the MAC
 * @param family row that decides about it
 * @param generation its number in the family, from 1
 * @param mac 32 bytes, unchecked
 */
record RefreshToken(String macKeyId, UUID family, long generation, byte[] mac) {
    private static final Pattern FORM = Pattern.compile("rt1\\.([a-z0-9]{1,16})"
            + "\\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
            + "\\.([1-9][0-9]{0,17})"
            + "\\.([A-Za-z0-9_-]{43})");

    /** Absent if this cannot be a token of ours. */
    static Optional<RefreshToken> parse(String token) {
        Matcher parts = FORM.matcher(token);
        if (!parts.matches()) {
            return Optional.empty();
        }
        return Optional.of(new RefreshToken(
                parts.group(1),
                UUID.fromString(parts.group(2)),
                Long.parseLong(parts.group(3)),
                Base64.getUrlDecoder().decode(parts.group(4))));
    }

    /** What the MAC covers. The client id stands last, because it alone may hold a dot. */
    static String macInput(String macKeyId, UUID family, long generation, String clientId) {
        return "rt1." + macKeyId + "." + family + "." + generation + "." + clientId;
    }

    /** The token as the client gets it. */
    static String format(String macKeyId, UUID family, long generation, byte[] mac) {
        return "rt1." + macKeyId + "." + family + "." + generation + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(mac);
    }

    @Override
    public String toString() {
        return "RefreshToken[%s, %s, %d]".formatted(macKeyId, family, generation);
    }
}
