/**
 * The operators' command line: one class per command, plain lines where there is no terminal. It decides nothing itself:
 * the local stack and the services do.
 */
@NullMarked
package dev.firebreak.cli;

import org.jspecify.annotations.NullMarked;
