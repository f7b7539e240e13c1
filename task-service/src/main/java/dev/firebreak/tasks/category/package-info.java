/**
 * Categories of one user, the default ones included. Owns their rows and their count; knows of tasks only that somebody
 * may care when a category goes.
 */
@NullMarked
package dev.firebreak.tasks.category;

import org.jspecify.annotations.NullMarked;
