/** Authorization codes and refresh families: what a client may exchange for tokens. Owns their rows; must not know how tokens are signed. */
@NullMarked
package dev.firebreak.auth.grant;

import org.jspecify.annotations.NullMarked;
