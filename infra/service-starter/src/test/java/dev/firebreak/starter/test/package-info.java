/** Fixtures for services that use the starter: real PostgreSQL, a server that can be stopped, tokens, counters. */
package dev.firebreak.starter.test;
