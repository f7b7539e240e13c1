/**
 * Calls to other services: every one carries the deadline and the trace of the request it belongs to, waits no longer than
 * that request's caller does, and is made again only where that helps, within a budget. What goes wrong with another
 * service is 503 here, never the caller's 401. Interfaces with {@code @HttpExchange} get all of it by their group's name.
 */
@NullMarked
package dev.firebreak.starter.client;

import org.jspecify.annotations.NullMarked;
