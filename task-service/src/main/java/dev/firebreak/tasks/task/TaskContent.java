package dev.firebreak.tasks.task;

import dev.firebreak.starter.http.FourDigitYear;
import dev.firebreak.starter.http.PlainText;
import jakarta.validation.constraints.NotNull;
import java.time.LocalDate;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a person writes in a task; the body of requests. */
record TaskContent(
        @NotNull(message = "is required") @PlainText(max = 200)
        String title,

        @Nullable @PlainText(max = 10_000, multiline = true) String notes,
        @Nullable @FourDigitYear LocalDate dueDate,
        @Nullable UUID categoryId) {}
