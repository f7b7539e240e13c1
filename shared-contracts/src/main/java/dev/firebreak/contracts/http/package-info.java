/** Header and path names that cross a wire between our processes, and nothing else. */
@NullMarked
package dev.firebreak.contracts.http;

import org.jspecify.annotations.NullMarked;
