/**
 * This process's own access tokens, for calls to other services: one for each target, fetched by one flight however many ask,
 * and renewed so early that an absent authorization server is not noticed for nine minutes. Knows nothing of users and of
 * how the other services verify.
 */
@NullMarked
package dev.firebreak.starter.token;

import org.jspecify.annotations.NullMarked;
