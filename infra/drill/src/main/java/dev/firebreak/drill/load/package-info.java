/**
 * The load generator: an open model, as users are. When each request is sent is fixed before the first one goes, and
 * latency counts from that moment, so that a server which stalls cannot slow down those who measure it. How late the
 * generator itself was and how busy the machine was are part of every result. It knows HTTP, but nothing of Firebreak.
 */
@NullMarked
package dev.firebreak.drill.load;

import org.jspecify.annotations.NullMarked;
