/**
 * What a service's jar is started for: to serve, or to do one thing and exit. Run modes need neither a web server nor the
 * service's own beans, so that a broken service can still be migrated.
 */
@NullMarked
package dev.firebreak.starter.run;

import org.jspecify.annotations.NullMarked;
