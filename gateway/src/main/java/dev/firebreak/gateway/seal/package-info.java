/**
 * Sealed values: authenticated encryption under a ring of keys that operators rotate. Owns the ring file, its states and
 * the format {@code v1.<key id>.<payload>}; knows nothing of what is sealed.
 */
@NullMarked
package dev.firebreak.gateway.seal;

import org.jspecify.annotations.NullMarked;
