/**
 * The authorization servers that live, and which keys each has loaded: what lets a new key wait until everybody can use
 * it. Owns {@code auth_node}; knows ids of keys and nothing of the keys.
 */
@NullMarked
package dev.firebreak.auth.node;

import org.jspecify.annotations.NullMarked;
