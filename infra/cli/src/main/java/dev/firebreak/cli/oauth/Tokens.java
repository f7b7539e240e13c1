package dev.firebreak.cli.oauth;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a token endpoint gave.
 *
 * @param expiresAt when the access token ends, by this machine's clock
 */
public record Tokens(String accessToken, @Nullable String refreshToken, Instant expiresAt) {
    public Optional<String> refresh() {
        return Optional.ofNullable(refreshToken);
    }

    @Override
    public String toString() {
        return "Tokens[***, expiresAt=" + expiresAt + "]";
    }
}
