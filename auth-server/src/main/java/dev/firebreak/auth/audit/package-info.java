/**
 * The journal: an append-only, hash-chained record of every order and automatic step that moves something others must be
 * able to trust. Owns its tables, the form of who and what, and the metrics of its head; must not know what the entries
 * mean.
 */
@NullMarked
package dev.firebreak.auth.audit;

import org.jspecify.annotations.NullMarked;
