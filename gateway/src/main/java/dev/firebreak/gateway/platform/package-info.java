/**
 * This process's own wiring: configuration, trust data, HTTP clients, server limits and health. Every feature may use it;
 * it knows none of them.
 */
@NullMarked
package dev.firebreak.gateway.platform;

import org.jspecify.annotations.NullMarked;
