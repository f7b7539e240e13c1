/**
 * What our processes and registered receivers are told about users: types of events, what each says, and the answer of the
 * events feed. Owns their shape on the wire; must not know how they are stored or delivered.
 */
@NullMarked
package dev.firebreak.contracts.event;

import org.jspecify.annotations.NullMarked;
