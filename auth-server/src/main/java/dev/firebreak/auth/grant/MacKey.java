package dev.firebreak.auth.grant;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key of the refresh tokens' MAC without its secret.
 *
 * @param madeUntil when it stopped making tokens; absent before that
 */
record MacKey(
        String id,
        MacKeyState state,
        Instant createdAt,
        @Nullable Instant madeUntil) {}
