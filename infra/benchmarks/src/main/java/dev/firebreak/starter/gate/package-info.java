/** Benchmarks of the gate before a pool; in its package, because what decides is package-private. */
@NullMarked
package dev.firebreak.starter.gate;

import org.jspecify.annotations.NullMarked;
