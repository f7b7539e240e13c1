/**
 * The registered clients, in memory: who they are, what they may ask for, and how they prove it. Owns the files of
 * {@code clients.d} and the judgement on client assertions; knows nothing of grants or tokens.
 */
@NullMarked
package dev.firebreak.auth.client;

import org.jspecify.annotations.NullMarked;
