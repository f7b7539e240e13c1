package dev.firebreak.auth.sealing;

import dev.firebreak.auth.audit.Actor;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.audit.Subject;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Notes when values begin to move under a key-encryption key and when the last one has, once for all nodes: the journal
 * itself says how far that is told. Used by one thread at a time; what it remembers only spares questions.
 */
final class RewrapJournal {
    private static final String BEGIN = "rewrap-begin";
    private static final String END = "rewrap-end";

    private final Journal journal;
    private final Actor self;
    private @Nullable String begunFor;
    private @Nullable String endedFor;

    /** @param journal on the pool of the transactions that re-wrap */
    RewrapJournal(Journal journal, Actor self) {
        this.journal = journal;
        this.self = self;
    }

    /** In the transaction that moved values from these keys, after everything else in it. */
    void begin(String current, Set<String> from) {
        if (!current.equals(begunFor)) {
            journal.appendIf(
                    new Journal.Note(
                            self,
                            BEGIN,
                            subject(current),
                            "first in every node's file",
                            String.join(" ", from),
                            current),
                    last -> !last.equals(Optional.of(BEGIN)));
        }
    }

    /** Such a transaction has been committed. */
    void begun(String current) {
        begunFor = current;
    }

    /** Some value needs another key, whoever moves it. */
    void goesOn() {
        endedFor = null;
    }

    /** False if this node has seen to the end of it already, as it does once after a start. */
    boolean mayHaveToEnd(String current) {
        return !current.equals(endedFor);
    }

    /** In a transaction, when no value needs another key. Tells nothing if nothing was ever moved under this one. */
    void end(String current) {
        journal.appendIf(
                new Journal.Note(self, END, subject(current), "no value is sealed under another key"),
                last -> last.equals(Optional.of(BEGIN)));
    }

    /** That transaction has been committed. */
    void ended(String current) {
        endedFor = current;
        begunFor = null;
    }

    private static Subject subject(String keyId) {
        return new Subject(Subject.KEK, keyId);
    }
}
