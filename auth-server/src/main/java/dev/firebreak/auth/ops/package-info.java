/**
 * Operators' orders: for automation on the internal face, for people at {@code /api/v1/ops} with a token of its own audience.
 * Owns the HTTP form of orders, who may give them, and the transactions that span several modules; each rule itself belongs
 * to the module whose rows it guards.
 */
@NullMarked
package dev.firebreak.auth.ops;

import org.jspecify.annotations.NullMarked;
