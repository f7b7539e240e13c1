/**
 * The operators' endpoints of the authorization server, called as client {@code operator-cli}: accounts and keys; and the
 * demo accounts that only the local stack makes.
 */
@NullMarked
package dev.firebreak.stack.ops;

import org.jspecify.annotations.NullMarked;
