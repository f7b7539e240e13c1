/**
 * When a call that failed is made again: waits that obey {@code Retry-After}, a budget that keeps retries at a tenth of all
 * calls, and a client of the JDK's that goes by both. Shared by the service client of the starter and by the command line,
 * so it knows no framework. Beneath it the JDK's client asks a second time by itself where a kept connection turned out
 * to be closed or a new one was refused: a matter of microseconds that reaches no busy server, and not counted here.
 */
@NullMarked
package dev.firebreak.trust.retry;

import org.jspecify.annotations.NullMarked;
