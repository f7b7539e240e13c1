/** The gateway's own pages and their assets: read once at the start, served from memory. Knows nothing of sessions. */
@NullMarked
package dev.firebreak.gateway.web;

import org.jspecify.annotations.NullMarked;
