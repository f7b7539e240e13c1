/**
 * What is broken, how, and what must hold meanwhile: one small file a scenario. Each drives the same kind of load over a
 * {@link dev.firebreak.drill.site.Subject}, breaks something for real, and holds what users saw against product.md.
 */
@NullMarked
package dev.firebreak.drill.scenario;

import org.jspecify.annotations.NullMarked;
