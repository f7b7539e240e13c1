/**
 * One of our services as the local stack sees it: a jar, flags for its JVM, a migrate step and a health answer over HTTP.
 * It knows nothing of what a service does.
 */
@NullMarked
package dev.firebreak.stack.service;

import org.jspecify.annotations.NullMarked;
