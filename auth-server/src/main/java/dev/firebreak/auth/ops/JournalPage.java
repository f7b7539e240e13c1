package dev.firebreak.auth.ops;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.audit.JournalEntry;
import dev.firebreak.auth.audit.Subject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the journal is shown, whoever asks for it. */
final class JournalPage {
    private JournalPage() {}

    /**
     * A row.
     *
     * @param subject kind of what was moved
     * @param id of what was moved
     * @param kid the same for a signing key, under the name that it has elsewhere; absent for anything else
     */
    record Entry(
            long seq,
            Instant at,
            String actor,
            String order,
            String subject,
            String id,
            @Nullable String kid,
            String reason,
            @Nullable String before,
            @Nullable String after,
            String hash) {
        private static Entry of(JournalEntry entry) {
            Subject subject = entry.subject();
            return new Entry(
                    entry.seq(),
                    entry.at(),
                    entry.actor(),
                    entry.action(),
                    subject.kind(),
                    subject.id(),
                    subject.kind().equals(Subject.SIGNING_KEY) ? subject.id() : null,
                    entry.reason(),
                    entry.before(),
                    entry.after(),
                    entry.hash());
        }
    }

    /**
     * Rows, oldest first.
     *
     * @param head hash of the last row of the whole journal
     * @param next the {@code after} of the next page; absent at the end
     */
    record History(
            List<Entry> entries, String head, @Nullable Long next) {}

    record Verdict(
            boolean ok,
            long rows,
            String head,
            @JsonProperty("broken_at") @Nullable Long brokenAt,
            @Nullable String why) {}

    static History of(List<JournalEntry> entries, Journal.Head head, int limit) {
        Long next = entries.size() < limit ? null : entries.getLast().seq();
        return new History(entries.stream().map(Entry::of).toList(), head.hash(), next);
    }

    static Verdict of(Journal.Verification verification) {
        return new Verdict(
                verification.brokenAt() == null,
                verification.rows(),
                verification.head().hash(),
                verification.brokenAt(),
                verification.why());
    }
}
