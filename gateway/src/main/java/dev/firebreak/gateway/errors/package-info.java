/**
 * How the gateway says that a request failed: one renderer for problem documents, OAuth errors and pages, the pages at
 * {@code /errors/<code>}, and the trace id that leads from an answer to its log lines.
 */
@NullMarked
package dev.firebreak.gateway.errors;

import org.jspecify.annotations.NullMarked;
