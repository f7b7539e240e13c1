/**
 * How a user connects Google: the way to Google and back, which belongs to a browser that is signed in here, and the list of
 * connections for the user's own token. Owns the cookie {@code firebreak-connect} and no table; what is stored, and how, is
 * module vault's business.
 */
@NullMarked
package dev.firebreak.auth.connect;

import org.jspecify.annotations.NullMarked;
