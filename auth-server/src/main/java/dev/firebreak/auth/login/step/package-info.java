/**
 * What is known of a browser before it is signed in, sealed into one cookie of its own: the form's CSRF secret and the
 * authorization request to go back to. No row, no memory: any node can take the next step. Knows nothing of passwords.
 */
@NullMarked
package dev.firebreak.auth.login.step;

import org.jspecify.annotations.NullMarked;
