/**
 * A TCP proxy that breaks what passes through it: latency, jitter, bandwidth, resets, silence, half-open connections. It
 * stands between a service and its database; stopping, killing and hanging processes is the local stack's own trade.
 */
@NullMarked
package dev.firebreak.drill.fault;

import org.jspecify.annotations.NullMarked;
