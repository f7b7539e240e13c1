/**
 * PostgreSQL for one machine: the programs out of a jar, a data directory made with scram-sha-256 and checksums from its
 * first second, the durable settings, and each database's roles and grants. It knows nothing of our tables: those belong
 * to each service's migrate step.
 */
@NullMarked
package dev.firebreak.stack.postgres;

import org.jspecify.annotations.NullMarked;
