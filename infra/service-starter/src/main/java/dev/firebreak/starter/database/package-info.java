/**
 * Where a database is and how one connection to it is opened: address, password, encryption and driver settings. Knows no
 * pool, no health and no Spring; what is wrong with a setting is said as a sentence that begins with the key's last part.
 */
@NullMarked
package dev.firebreak.starter.database;

import org.jspecify.annotations.NullMarked;
