/**
 * OAuth 2.1 and OpenID Connect over HTTP, on the filters of Spring Security's authorization server: authorization, token,
 * revocation, user info, keys and metadata. Owns the words of the protocols and the claims of tokens; grants, keys and
 * clients belong to their modules.
 */
@NullMarked
package dev.firebreak.auth.oauth;

import org.jspecify.annotations.NullMarked;
