/**
 * Google accounts that users have connected: their grants, the sealed tokens, who may have one, and the one refresh of each
 * expired token over all nodes (ADR 22). Owns the tables {@code google_account_grant} and {@code user_oauth_tokens}; what
 * Google's endpoints say is module google's.
 */
@NullMarked
package dev.firebreak.auth.vault;

import org.jspecify.annotations.NullMarked;
