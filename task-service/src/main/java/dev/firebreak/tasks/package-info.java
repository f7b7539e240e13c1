/**
 * The task service: tasks, categories, opportunities and their sync. Each feature is a package; this one holds only the
 * start. It owns the tasks schema and learns of users only by tokens and the events feed.
 */
@NullMarked
package dev.firebreak.tasks;

import org.jspecify.annotations.NullMarked;
