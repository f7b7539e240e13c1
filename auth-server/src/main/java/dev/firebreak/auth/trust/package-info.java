/** The trust feed's serving side: verification keys and revocations that verifiers read. Owns epoch, versions and cursors. */
@NullMarked
package dev.firebreak.auth.trust;

import org.jspecify.annotations.NullMarked;
