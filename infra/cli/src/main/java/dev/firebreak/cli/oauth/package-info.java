/**
 * How the command line gets tokens: the same flows as any other client, over the gateway, with no back door. Knows OAuth
 * and the sign-in form; knows nothing of the stack.
 */
@NullMarked
package dev.firebreak.cli.oauth;

import org.jspecify.annotations.NullMarked;
