/**
 * Events told to URLs that operators registered, signed by the rules of Standard Webhooks: who gets what, each attempt, and
 * what could not be delivered. Must not know what an event means.
 */
@NullMarked
package dev.firebreak.auth.webhook;

import org.jspecify.annotations.NullMarked;
