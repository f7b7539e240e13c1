/** How much is taken on at once, and how much a busy service is sent; health probes are never counted. */
@NullMarked
package dev.firebreak.gateway.overload;

import org.jspecify.annotations.NullMarked;
