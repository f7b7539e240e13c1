/**
 * Records of the trust feed: verification keys, revocations, and the answer that carries them. Owns the shape on the
 * wire ({@code GET /auth/internal/v1/trust}); the client of the feed and its server each map it to their own types.
 */
@NullMarked
package dev.firebreak.contracts.trust;

import org.jspecify.annotations.NullMarked;
