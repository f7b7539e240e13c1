/**
 * Deliberately wrong: the application of the incident, as small as it can be. Every request asks the one shared pool who
 * the caller is; everybody queues for a connection without limit; a failed look-up takes a second connection while it
 * holds the first; trouble with the database is told as "who are you?". Drills run it beside Firebreak. Never use it.
 */
@NullMarked
package dev.firebreak.control;

import org.jspecify.annotations.NullMarked;
