package dev.firebreak.auth.audit;

import dev.firebreak.auth.platform.SqlTime;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The journal on one pool. {@link #append} joins the caller's transaction, so that nothing moves without its line and no
 * line tells of what was rolled back. Any number of nodes may append at once.
 */
public final class Journal {
    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
    private static final HexFormat HEX = HexFormat.of();
    private static final int PAGE = 1_000;

    private static final String ENTRIES = """
            SELECT seq, at, actor, action, subject, reason, before, after, previous_hash, hash
              FROM journal WHERE seq > :after ORDER BY seq LIMIT :limit
            """;

    /** Signing keys have no kind in front (see {@link Subject}). */
    private static final String ENTRIES_OF_KINDS = """
            SELECT seq, at, actor, action, subject, reason, before, after, previous_hash, hash
              FROM journal
             WHERE seq > :after
               AND CASE WHEN strpos(subject, ':') = 0 THEN :unmarked
                        ELSE split_part(subject, ':', 1) END = ANY (string_to_array(:kinds, ' '))
             ORDER BY seq LIMIT :limit
            """;

    private final JdbcClient jdbc;
    private final InstantSource clock;

    public Journal(JdbcClient jdbc, InstantSource clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** What the whole journal looks like from outside: number and hash (hex) of its last entry. */
    public record Head(long seq, String hash) {}

    /**
     * What checking every entry found.
     *
     * @param rows entries looked at
     * @param brokenAt number of the first entry that is not as it was written, or is missing; absent = all are
     * @param why in words; absent = all are well
     */
    public record Verification(
            long rows,
            Head head,
            @Nullable Long brokenAt,
            @Nullable String why) {}

    /** What is to be noted; the rest of an entry is the journal's own. */
    public record Note(
            String actor,
            String action,
            String subject,
            String reason,
            @Nullable String before,
            @Nullable String after) {
        public Note(
                Actor actor,
                String action,
                Subject subject,
                String reason,
                @Nullable String before,
                @Nullable String after) {
            this(actor.text(), action, subject.text(), reason, before, after);
        }

        /** Of what has no states. */
        public Note(Actor actor, String action, Subject subject, String reason) {
            this(actor, action, subject, reason, null, null);
        }
    }

    /**
     * Appends one entry; answers its number. The caller must be in a transaction on the same pool, and append last: every
     * writer locks the head, and one that locked more after it could wait for one that waits for the head.
     */
    public long append(Note note) {
        return append(note, lockHead());
    }

    /**
     * Appends one entry if the last one about the same subject is as it should be, seen under the lock of the head: of
     * several that would tell of the same thing at once one does. The same rules as for {@link #append}.
     *
     * @param last judges the action of that last entry; asked with an empty one if there is none
     * @return false if nothing was appended
     */
    public boolean appendIf(Note note, Predicate<Optional<String>> last) {
        Raw head = lockHead();
        Optional<String> action = jdbc.sql(
                        "SELECT action FROM journal WHERE subject = :subject ORDER BY seq DESC LIMIT 1")
                .param("subject", note.subject())
                .query(String.class)
                .optional();
        if (!last.test(action)) {
            return false;
        }
        append(note, head);
        return true;
    }

    private Raw lockHead() {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("The journal is written together with what it tells of");
        }
        return jdbc.sql("SELECT seq, hash FROM journal_head FOR UPDATE")
                .query((row, number) -> new Raw(row.getLong("seq"), row.getBytes("hash")))
                .single();
    }

    private long append(Note note, Raw head) {
        Chain.Line line = new Chain.Line(
                head.seq() + 1,
                clock.instant(),
                note.actor(),
                note.action(),
                note.subject(),
                note.reason(),
                note.before(),
                note.after());
        byte[] hash = Chain.hash(head.hash(), line);
        jdbc.sql("""
                WITH written AS (
                    INSERT INTO journal (seq, at, actor, action, subject, reason, before, after, previous_hash, hash)
                    VALUES (:seq, :at, :actor, :action, :subject, :reason,
                            CAST(:before AS text), CAST(:after AS text), :previous, :hash)
                )
                UPDATE journal_head SET seq = :seq, hash = :hash
                """)
                .param("seq", line.seq())
                .param("at", SqlTime.of(line.at()))
                .param("actor", line.actor())
                .param("action", line.action())
                .param("subject", line.subject())
                .param("reason", line.reason())
                .param("before", line.before())
                .param("after", line.after())
                .param("previous", head.hash())
                .param("hash", hash)
                .update();
        logWhenCommitted(line, hash);
        return line.seq();
    }

    /** In the log, which another system keeps: who can rewrite the table cannot rewrite that too. */
    private static void logWhenCommitted(Chain.Line line, byte[] hash) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                LOG.atInfo()
                        .addKeyValue("journal_seq", line.seq())
                        .addKeyValue("journal_hash", HEX.formatHex(hash))
                        .log(
                                "Journal {}: {} {} by {}, hash {}",
                                line.seq(),
                                line.action(),
                                line.subject(),
                                line.actor(),
                                HEX.formatHex(hash));
            }
        });
    }

    /** Entries after a number, oldest first. */
    public List<JournalEntry> after(long seq, int limit) {
        return jdbc.sql(ENTRIES)
                .param("after", seq)
                .param("limit", limit)
                .query((row, number) -> entry(line(row), row.getBytes("hash")))
                .list();
    }

    /** The same, of these kinds of subjects only; numbers have gaps then. */
    public List<JournalEntry> after(long seq, int limit, Set<String> kinds) {
        return jdbc.sql(ENTRIES_OF_KINDS)
                .param("after", seq)
                .param("limit", limit)
                .param("unmarked", Subject.SIGNING_KEY)
                .param("kinds", String.join(" ", kinds))
                .query((row, number) -> entry(line(row), row.getBytes("hash")))
                .list();
    }

    /** The oldest entry that tells of this action on this subject. Reads the table without an index. */
    public Optional<JournalEntry> findFirst(Subject subject, String action) {
        return jdbc.sql("""
                SELECT seq, at, actor, action, subject, reason, before, after, previous_hash, hash
                  FROM journal WHERE subject = :subject AND action = :action ORDER BY seq LIMIT 1
                """)
                .param("subject", subject.text())
                .param("action", action)
                .query((row, number) -> entry(line(row), row.getBytes("hash")))
                .optional();
    }

    public Head head() {
        return jdbc.sql("SELECT seq, hash FROM journal_head")
                .query((row, number) -> new Head(row.getLong("seq"), HEX.formatHex(row.getBytes("hash"))))
                .single();
    }

    /** Recomputes every hash, page by page; what is appended meanwhile may or may not be among it. */
    public Verification verify() {
        // The head first: entries written after it cannot make it look cut.
        Head head = head();
        byte[] previous = new byte[32];
        long seq = 0;
        while (true) {
            List<Stored> page = jdbc.sql(ENTRIES)
                    .param("after", seq)
                    .param("limit", PAGE)
                    .query((row, number) -> new Stored(line(row), row.getBytes("previous_hash"), row.getBytes("hash")))
                    .list();
            for (Stored stored : page) {
                Optional<String> broken = stored.brokenAfter(seq, previous);
                if (broken.isPresent()) {
                    return new Verification(seq, head, seq + 1, broken.get());
                }
                seq = stored.line().seq();
                previous = stored.hash();
                if (seq == head.seq() && !HEX.formatHex(previous).equals(head.hash())) {
                    return new Verification(seq, head, seq, "its hash is not the one that the head names");
                }
            }
            if (page.size() < PAGE) {
                break;
            }
        }
        if (seq > head.seq() && seq > head().seq()) {
            return new Verification(
                    seq, head, head.seq() + 1, "the head does not name it: it names entry " + head.seq());
        }
        return seq < head.seq()
                ? new Verification(seq, head, seq + 1, "it is missing: the head names entry " + head.seq())
                : new Verification(seq, head, null, null);
    }

    private static Chain.Line line(ResultSet row) throws SQLException {
        return new Chain.Line(
                row.getLong("seq"),
                SqlTime.read(row, "at"),
                row.getString("actor"),
                row.getString("action"),
                row.getString("subject"),
                row.getString("reason"),
                row.getString("before"),
                row.getString("after"));
    }

    private static JournalEntry entry(Chain.Line line, byte[] hash) {
        return new JournalEntry(
                line.seq(),
                line.at(),
                line.actor(),
                line.action(),
                Subject.parse(line.subject()),
                line.reason(),
                line.before(),
                line.after(),
                HEX.formatHex(hash));
    }

    // Arrays in these are read, never compared or printed.
    @SuppressWarnings("ArrayRecordComponent")
    private record Raw(long seq, byte[] hash) {}

    @SuppressWarnings("ArrayRecordComponent")
    private record Stored(Chain.Line line, byte[] previous, byte[] hash) {
        Optional<String> brokenAfter(long seq, byte[] expectedPrevious) {
            if (line.seq() != seq + 1) {
                return Optional.of("it is missing: entry %d comes next".formatted(line.seq()));
            }
            if (!Arrays.equals(previous, expectedPrevious)) {
                return Optional.of("it does not follow the entry before it");
            }
            if (!Arrays.equals(hash, Chain.hash(expectedPrevious, line))) {
                return Optional.of("it is not as it was written");
            }
            return Optional.empty();
        }
    }
}
