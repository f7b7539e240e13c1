package dev.firebreak.auth.connect;

import dev.firebreak.auth.vault.GoogleService;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One way to Google and back.
 *
 * @param state what Google must bring back
 * @param verifier secret of the exchange (RFC 7636), which Google sees only a hash of before
 * @param sid the sign-in that began it; no other may end it
 * @param service what is to be connected
 * @param sub the Google account that is meant; absent = whichever the user chooses
 * @param consenting whether Google was told to ask for consent, so that asking once more would give nothing new
 * @param expiresAt end of this attempt, to the second
 */
record ConnectAttempt(
        String state,
        String verifier,
        UUID sid,
        GoogleService service,
        @Nullable String sub,
        boolean consenting,
        Instant expiresAt) {
    private static final String SEPARATOR = "\n";
    private static final int PARTS = 7;

    /** S256 of RFC 7636, 4.2. */
    String challenge() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(verifier));
    }

    /** Judged in the same time whatever it is. */
    boolean isStateOf(String brought) {
        return MessageDigest.isEqual(sha256(state), sha256(brought));
    }

    boolean isMeant(String chosenSub) {
        return sub == null || sub.equals(chosenSub);
    }

    String toText() {
        return String.join(
                SEPARATOR,
                String.valueOf(expiresAt.getEpochSecond()),
                state,
                verifier,
                sid.toString(),
                service.wireName(),
                consenting ? "consent" : "",
                sub == null ? "" : sub);
    }

    /** Reads {@link #toText}; absent if it is none, which after a good seal only another version of us can have made. */
    static Optional<ConnectAttempt> parse(String text) {
        String[] parts = text.split(SEPARATOR, -1);
        if (parts.length != PARTS) {
            return Optional.empty();
        }
        try {
            Instant expiresAt = Instant.ofEpochSecond(Long.parseLong(parts[0]));
            UUID sid = UUID.fromString(parts[3]);
            String sub = parts[6].isEmpty() ? null : parts[6];
            return GoogleService.find(parts[4])
                    .map(service -> new ConnectAttempt(
                            parts[1], parts[2], sid, service, sub, parts[5].equals("consent"), expiresAt));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "ConnectAttempt[service=" + service + ", consenting=" + consenting + ", expiresAt=" + expiresAt + "]";
    }
}
