/**
 * The security-critical verifier, once: trust snapshot and feed client, JWT verification, revocation set and the cache of
 * verified tokens. It knows neither Spring nor servlets, so that the gateway and every resource service share it.
 */
@NullMarked
package dev.firebreak.trust;

import org.jspecify.annotations.NullMarked;
