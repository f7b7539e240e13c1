/**
 * What services, the local stack and its doctor must agree on about a database's room: the time-outs that a role carries,
 * and the sum that says whether every node may open its pools. Values and arithmetic; the one statement only reads.
 */
@NullMarked
package dev.firebreak.contracts.capacity;

import org.jspecify.annotations.NullMarked;
