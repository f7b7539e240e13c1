/**
 * Stable error codes of every Firebreak process, what each means, and who must act on it. Owns the vocabulary and the
 * one exception type; rendering belongs to each service, because only it knows its protocol.
 */
@NullMarked
package dev.firebreak.contracts.error;

import org.jspecify.annotations.NullMarked;
