/**
 * Connections to PostgreSQL: pools with short, fixed waits, a probe that watches each database from outside the request
 * path, and what the database's errors mean to a caller. Owns no SQL of any service.
 */
@NullMarked
package dev.firebreak.starter.pool;

import org.jspecify.annotations.NullMarked;
