/**
 * Tokens for the operators' endpoints: got for a session by an exchange of its access token (ADR 18), kept on this node only
 * and no longer than that token. They are sent nowhere but to those endpoints, and nothing else is sent there.
 */
@NullMarked
package dev.firebreak.gateway.ops;

import org.jspecify.annotations.NullMarked;
