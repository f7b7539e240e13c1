/**
 * Calls to addresses that somebody else chose: where they may go and how long they may take. Owns the rules against being
 * used to reach what lies inside; must not know what is sent or why.
 */
@NullMarked
package dev.firebreak.auth.egress;

import org.jspecify.annotations.NullMarked;
