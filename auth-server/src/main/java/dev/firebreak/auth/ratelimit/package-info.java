/**
 * How often somebody may try. Owns the buckets of sign-in attempts and of operators' orders, in this node's memory and of constant size; knows
 * nothing of what is tried.
 */
@NullMarked
package dev.firebreak.auth.ratelimit;

import org.jspecify.annotations.NullMarked;
