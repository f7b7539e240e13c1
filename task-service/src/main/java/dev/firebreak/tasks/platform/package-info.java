/** This process's own wiring: its one pool and the schema its code needs. Knows no feature. */
@NullMarked
package dev.firebreak.tasks.platform;

import org.jspecify.annotations.NullMarked;
