/**
 * Starts the databases and services of one machine, makes their keys at first start and stops them again. It owns the
 * state folder; it knows the services only as jars, ports and health answers.
 */
@NullMarked
package dev.firebreak.stack;

import org.jspecify.annotations.NullMarked;
