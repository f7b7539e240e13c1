/**
 * The outbox of what happens to users: events published with the change that they tell of, and the feed that services pull.
 * Owns their numbers, their order and how long they are kept; must not know why anything happens.
 */
@NullMarked
package dev.firebreak.auth.event;

import org.jspecify.annotations.NullMarked;
