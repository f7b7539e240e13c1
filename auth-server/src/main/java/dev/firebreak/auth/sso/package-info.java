/** Sign-ins of browsers at the authorization server: the cookie, its row, and its end. Must not know how tokens are made. */
@NullMarked
package dev.firebreak.auth.sso;

import org.jspecify.annotations.NullMarked;
