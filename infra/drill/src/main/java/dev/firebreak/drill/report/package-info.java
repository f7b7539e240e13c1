/** What a drill leaves behind: a table for the terminal, JSON, Markdown, the plot, and the sizing guide's figures. */
@NullMarked
package dev.firebreak.drill.report;

import org.jspecify.annotations.NullMarked;
