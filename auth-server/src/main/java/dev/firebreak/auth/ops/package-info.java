/**
 * Operators' orders for automation, on the internal face. Owns the HTTP form of orders and the transactions that span
 * several modules; each rule itself belongs to the module whose rows it guards.
 */
@NullMarked
package dev.firebreak.auth.ops;

import org.jspecify.annotations.NullMarked;
