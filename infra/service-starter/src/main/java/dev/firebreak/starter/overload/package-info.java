/**
 * What keeps a service from taking on more than it can finish: the in-flight limit, deadlines, and the largest body. All
 * of it decides before the body is read, in constant time.
 */
@NullMarked
package dev.firebreak.starter.overload;

import org.jspecify.annotations.NullMarked;
