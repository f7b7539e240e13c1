/**
 * The browser session: what it holds, its cookie, and which sessions this node knows to have ended. No store behind it;
 * the sealed cookie is the session.
 */
@NullMarked
package dev.firebreak.gateway.session;

import org.jspecify.annotations.NullMarked;
