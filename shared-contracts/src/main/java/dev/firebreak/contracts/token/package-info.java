/**
 * Names and life times of tokens: claims, scopes, audiences, grant and assertion types. Owns the words that issuer and
 * verifiers must agree on; knows nothing of how a token is made or checked.
 */
@NullMarked
package dev.firebreak.contracts.token;

import org.jspecify.annotations.NullMarked;
