/**
 * Whose work a request is, and what that work is guaranteed of anything that can run out. A lane is bound to the thread
 * for as long as the work lasts; outside a request it is the last one. Knows no resource: the gate of a pool and the limit
 * of requests in flight both count by it.
 */
@NullMarked
package dev.firebreak.starter.lane;

import org.jspecify.annotations.NullMarked;
