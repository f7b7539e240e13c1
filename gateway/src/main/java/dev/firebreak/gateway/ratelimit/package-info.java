/**
 * Local rate limits: token buckets per address, per subject, and stricter ones where an attempt is expensive or worth
 * something to an attacker. One node's own memory decides at once; no other node is asked.
 */
@NullMarked
package dev.firebreak.gateway.ratelimit;

import org.jspecify.annotations.NullMarked;
