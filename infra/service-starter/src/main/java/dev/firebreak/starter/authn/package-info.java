/**
 * Who calls: bearer tokens judged out of memory by the trust client, and the scope each handler asks for. Knows nothing of
 * users beyond their token; does no I/O and takes no lock on the request path.
 */
@NullMarked
package dev.firebreak.starter.authn;

import org.jspecify.annotations.NullMarked;
