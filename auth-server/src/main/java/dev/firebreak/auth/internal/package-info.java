/**
 * The internal face: a connector of its own, the proof that every call on it needs, and the order to end a session. Owns
 * which client may call what; what the calls do belongs to the modules that answer them.
 */
@NullMarked
package dev.firebreak.auth.internal;

import org.jspecify.annotations.NullMarked;
