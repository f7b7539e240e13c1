/**
 * What is reachable and how a request travels on: the allow-list of paths, the rules a path must keep, header and cookie
 * hygiene in both directions, time-outs and what becomes of them. Knows nothing of sessions or tokens; whoever
 * authenticates a request hands the token over through {@link dev.firebreak.gateway.route.Relay}.
 */
@NullMarked
package dev.firebreak.gateway.route;

import org.jspecify.annotations.NullMarked;
