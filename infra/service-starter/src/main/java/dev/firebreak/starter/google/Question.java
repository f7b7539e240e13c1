package dev.firebreak.starter.google;

import dev.firebreak.contracts.vault.GoogleService;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What one token answers. Whoever is present and who is not are told apart: what was given to a user who is there must not
 * reach background work that this user has not switched on.
 *
 * @param account Google's {@code sub}; absent for the user's only or first account
 */
record Question(
        UUID userId,
        boolean present,
        GoogleService service,
        @Nullable String account) {}
