/**
 * Links by which somebody chooses a password without having one: their rows, their use, and the first operator's, which is
 * made on the command line. The page is the login module's; what a password must be is the user module's.
 */
@NullMarked
package dev.firebreak.auth.reset;

import org.jspecify.annotations.NullMarked;
