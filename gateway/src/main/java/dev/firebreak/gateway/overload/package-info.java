/** How much is taken on at once. A plain bound for now; health probes are never counted. */
@NullMarked
package dev.firebreak.gateway.overload;

import org.jspecify.annotations.NullMarked;
