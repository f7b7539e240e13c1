/**
 * Tasks of one user. Owns their rows and their count. Of categories it knows the id and that one may go away; it never
 * reads their rows.
 */
@NullMarked
package dev.firebreak.tasks.task;

import org.jspecify.annotations.NullMarked;
