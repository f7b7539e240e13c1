/**
 * What the local stack consists of and where it lives: parts, ports, the state folder, and the one exception for faults
 * a person can mend. It starts nothing and reads nothing.
 */
@NullMarked
package dev.firebreak.stack.layout;

import org.jspecify.annotations.NullMarked;
