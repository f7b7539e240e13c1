/** Benchmarks of the signing side; in its package, because what it keeps in memory is package-private. */
@NullMarked
package dev.firebreak.auth.signing;

import org.jspecify.annotations.NullMarked;
