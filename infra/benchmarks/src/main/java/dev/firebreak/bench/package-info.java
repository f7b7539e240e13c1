/**
 * Measures the hot paths in rounds that alternate with their peers, and says what came out. The benchmarks themselves lie in
 * the packages of what they measure; {@link dev.firebreak.bench.Catalogue} names them.
 */
@NullMarked
package dev.firebreak.bench;

import org.jspecify.annotations.NullMarked;
