package dev.firebreak.auth.ops;

import dev.firebreak.auth.audit.Journal;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code ops/audit}: the whole journal, orders on people included. */
@RestController
@RequestMapping({"/internal/v1/ops/audit", "/api/v1/ops/audit"})
class AuditController {
    private final Journal journal;

    AuditController(Journal journal) {
        this.journal = journal;
    }

    @GetMapping
    JournalPage.History history(
            @RequestParam(defaultValue = "0") @Min(0) long after,
            @RequestParam(defaultValue = "100") @Min(1) @Max(500) int limit) {
        return JournalPage.of(journal.after(after, limit), journal.head(), limit);
    }

    @GetMapping("/verify")
    JournalPage.Verdict verify() {
        return JournalPage.of(journal.verify());
    }
}
