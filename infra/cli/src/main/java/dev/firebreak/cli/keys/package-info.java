/**
 * What the authorization server says of its keys, as lines of at most 80 columns: states, plan, orders, journal, renewal. It
 * decides nothing and asks nobody; documents come in, lines go out. Nothing that a server wrote reaches a terminal as a
 * control character.
 */
@NullMarked
package dev.firebreak.cli.keys;

import org.jspecify.annotations.NullMarked;
