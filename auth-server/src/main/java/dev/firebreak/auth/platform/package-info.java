/**
 * Wiring of this process: configuration, the clock, background loops, run modes and readiness. Owns no feature and knows
 * none: features depend on it, never the other way round.
 */
@NullMarked
package dev.firebreak.auth.platform;

import org.jspecify.annotations.NullMarked;
