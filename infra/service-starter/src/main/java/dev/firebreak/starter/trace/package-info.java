/**
 * Trace ids: accepts and continues W3C Trace Context, so that a log line, a problem document and the caller speak of the
 * same request. A small filter of our own until spans are exported; then a tracing library takes its place.
 */
@NullMarked
package dev.firebreak.starter.trace;

import org.jspecify.annotations.NullMarked;
