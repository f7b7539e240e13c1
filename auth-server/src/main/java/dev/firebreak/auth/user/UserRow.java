package dev.firebreak.auth.user;

import java.time.Instant;

/** A user as operators see them. */
public record UserRow(UserAccount account, EmailKey key, Instant createdAt) {}
