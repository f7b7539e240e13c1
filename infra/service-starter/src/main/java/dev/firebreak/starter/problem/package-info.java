/**
 * The one place of a service where a failure becomes an answer: what happened, in which documented code, logged once.
 * Controllers and filters meet here. It must not know what any one service does.
 */
@NullMarked
package dev.firebreak.starter.problem;

import org.jspecify.annotations.NullMarked;
