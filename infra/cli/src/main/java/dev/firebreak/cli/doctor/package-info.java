/**
 * Checks of this machine and this checkout: what the stack needs, whether it has it, and what to do where it has not.
 * Changes nothing.
 */
@NullMarked
package dev.firebreak.cli.doctor;

import org.jspecify.annotations.NullMarked;
