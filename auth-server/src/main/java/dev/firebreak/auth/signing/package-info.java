/**
 * The keys that sign tokens: their rows, their life cycle, and the one active private key in memory. Owns every private
 * signing key; must not know what the tokens say.
 */
@NullMarked
package dev.firebreak.auth.signing;

import org.jspecify.annotations.NullMarked;
