/**
 * Who gets a pool's next connection. {@link dev.firebreak.starter.gate.GatePolicy} decides by arithmetic,
 * {@link dev.firebreak.starter.gate.PoolGate} enforces with one short lock and parks those who wait. Knows nothing of
 * JDBC: a permit stands for a connection, and the pool package exchanges one for the other.
 */
@NullMarked
package dev.firebreak.starter.gate;

import org.jspecify.annotations.NullMarked;
