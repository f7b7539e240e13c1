/**
 * What the services say of their pools: asked on their management ports, shown as a table or as the contract's JSON. It
 * judges nothing; verdicts come from the services, and a service that cannot be asked is told as such, never guessed.
 */
@NullMarked
package dev.firebreak.cli.pools;

import org.jspecify.annotations.NullMarked;
