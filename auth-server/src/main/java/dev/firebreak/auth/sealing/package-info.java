/**
 * Secrets at rest: seals small secrets under the key-encryption key, which lives in a file outside the database, derives
 * further keys from it, and re-wraps the columns that other modules name when the key is rotated. Knows nothing of what it
 * seals.
 */
@NullMarked
package dev.firebreak.auth.sealing;

import org.jspecify.annotations.NullMarked;
