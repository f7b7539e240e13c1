/**
 * Renewing the access token inside a session: when, by whom, how many at once, and what an authorization server that is
 * away means (nothing, for as long as the old token lasts). The rules are pure; the machinery is bounded in everything.
 */
@NullMarked
package dev.firebreak.gateway.renewal;

import org.jspecify.annotations.NullMarked;
