/**
 * The pages on which people sign in and out, and the page that says what went wrong. Owns forms, page states and their
 * headers; whether a password is right is the user module's answer, what a sign-in is the sso module's.
 */
@NullMarked
package dev.firebreak.auth.login;

import org.jspecify.annotations.NullMarked;
