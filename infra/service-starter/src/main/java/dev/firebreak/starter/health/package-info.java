/**
 * Liveness and readiness on the main port, answered from memory ahead of everything else: no filter, no limit and no
 * pool can delay them. It must not know what the reasons mean, only how bad they are.
 */
@NullMarked
package dev.firebreak.starter.health;

import org.jspecify.annotations.NullMarked;
