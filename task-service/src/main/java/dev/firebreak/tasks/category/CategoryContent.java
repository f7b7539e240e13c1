package dev.firebreak.tasks.category;

import dev.firebreak.starter.http.PlainText;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a person writes in a category; the body of requests.
 *
 * @param colour six hex digits, or none
 */
record CategoryContent(
        @NotNull(message = "is required") @PlainText(max = 60)
        String name,

        @Nullable @Pattern(regexp = "#[0-9a-f]{6}", message = "must look like #1a2b3c")
        String colour) {}
