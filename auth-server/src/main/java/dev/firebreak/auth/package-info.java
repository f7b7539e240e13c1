/**
 * The authorization server: users, SSO sessions, grants, signing keys, the trust and events feeds and the Google vault.
 * Each feature is a package; this one holds only the start. It never calls a resource service: services pull from it.
 */
@NullMarked
package dev.firebreak.auth;

import org.jspecify.annotations.NullMarked;
