/**
 * Drills: the incident and its parts, broken for real on a stack of their own while load goes on, and what users saw of
 * it. {@code Drills} runs them; the packages below generate load, break things, and report.
 */
@NullMarked
package dev.firebreak.drill;

import org.jspecify.annotations.NullMarked;
