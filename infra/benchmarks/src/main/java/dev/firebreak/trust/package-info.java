/** Benchmarks of the verifier; in its package, because its parts are package-private. */
@NullMarked
package dev.firebreak.trust;

import org.jspecify.annotations.NullMarked;
