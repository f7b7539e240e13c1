/**
 * The edge: routes, sealed sessions, verification, rate limits and admission, then the proxy call. Each feature is a
 * package; this one holds only the start. It has no database and no token-signing key.
 */
@NullMarked
package dev.firebreak.gateway;

import org.jspecify.annotations.NullMarked;
