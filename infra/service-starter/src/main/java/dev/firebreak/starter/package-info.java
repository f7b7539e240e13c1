/**
 * What any servlet resource service needs: the adapter of the trust client, guarded pools, problem bodies, deadlines,
 * metrics and service tokens. It must not know any one service's tables or rules.
 */
@NullMarked
package dev.firebreak.starter;

import org.jspecify.annotations.NullMarked;
