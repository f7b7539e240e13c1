/**
 * How often somebody may try. Owns the buckets of sign-in attempts, of operators' orders and of askers for Google tokens, in this node's memory and of constant size; knows
 * nothing of what is tried.
 */
@NullMarked
package dev.firebreak.auth.ratelimit;

import org.jspecify.annotations.NullMarked;
