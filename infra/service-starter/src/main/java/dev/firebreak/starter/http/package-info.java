/**
 * Small parts of HTTP and JSON that every resource service needs in the same way: versions as entity tags, merge patches,
 * rules for text and dates, ids. Each stands alone.
 */
@NullMarked
package dev.firebreak.starter.http;

import org.jspecify.annotations.NullMarked;
