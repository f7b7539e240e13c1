/**
 * The generated settings of each process and the client registrations. Each process is told its own secrets' files and
 * nobody else's.
 */
@NullMarked
package dev.firebreak.stack.config;

import org.jspecify.annotations.NullMarked;
