/**
 * Authorization codes and refresh families: what a client may exchange for tokens. Owns their rows and the keys of the
 * refresh tokens' MAC; must not know how tokens are signed or how HTTP carries them.
 */
@NullMarked
package dev.firebreak.auth.grant;

import org.jspecify.annotations.NullMarked;
