/** Reading the parts' logs: merged by time, by trace, as they grow. */
@NullMarked
package dev.firebreak.cli.logs;

import org.jspecify.annotations.NullMarked;
