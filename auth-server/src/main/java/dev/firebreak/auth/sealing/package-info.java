/**
 * Secrets at rest: seals small secrets under the key-encryption key, which lives in a file outside the database, and
 * derives further keys from it. Knows nothing of what it seals.
 */
@NullMarked
package dev.firebreak.auth.sealing;

import org.jspecify.annotations.NullMarked;
