/**
 * The rule by which a request with a cookie must prove that it comes from this site. Pure; whoever turns the cookie into
 * something of worth asks it.
 */
@NullMarked
package dev.firebreak.gateway.csrf;

import org.jspecify.annotations.NullMarked;
