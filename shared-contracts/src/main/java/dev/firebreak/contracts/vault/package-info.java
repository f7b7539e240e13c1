/**
 * Words by which a service asks the vault for a user's Google token (RFC 8693 with parameters of our own) and by which the
 * vault answers. Owns the wire, knows nothing of who may have what.
 */
@NullMarked
package dev.firebreak.contracts.vault;

import org.jspecify.annotations.NullMarked;
