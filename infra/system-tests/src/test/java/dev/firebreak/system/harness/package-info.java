/**
 * What a client of the whole system has in hand: a browser, an API client, users, and the running stack with the means
 * to stop, hang and restart its parts. Knows the contracts and nothing of the services' insides.
 */
@NullMarked
package dev.firebreak.system.harness;

import org.jspecify.annotations.NullMarked;
