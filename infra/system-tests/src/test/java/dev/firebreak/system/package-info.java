/**
 * Flows and faults over several real processes, spoken to only as a client would: over HTTP and by stopping them.
 */
@NullMarked
package dev.firebreak.system;

import org.jspecify.annotations.NullMarked;
