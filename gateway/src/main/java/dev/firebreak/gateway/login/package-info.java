/**
 * Signing in and out at the gateway: one sealed cookie per sign-in under way, the code exchange, and ending a session
 * everywhere, later if need be. Passwords never come here; they are the authorization server's pages.
 */
@NullMarked
package dev.firebreak.gateway.login;

import org.jspecify.annotations.NullMarked;
