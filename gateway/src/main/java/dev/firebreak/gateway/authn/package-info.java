/**
 * Who a request speaks for: a bearer token from its header, or the session in its cookie, verified from memory. Owns
 * {@code GET /session} and what happens when a service disagrees about a token.
 */
@NullMarked
package dev.firebreak.gateway.authn;

import org.jspecify.annotations.NullMarked;
