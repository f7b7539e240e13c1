/**
 * Everything random that the local stack makes at its first start: database passwords, the wrapping key, the cookie ring
 * and the clients' keys. Each is a 0600 file that is made once and never shown.
 */
@NullMarked
package dev.firebreak.stack.secrets;

import org.jspecify.annotations.NullMarked;
