package dev.firebreak.auth.grant;

import dev.firebreak.auth.audit.Actor;
import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.audit.Subject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves MAC keys: each set of moves is one transaction that ends with a line in the journal for each. On one pool; the
 * schedule and operators have one each.
 */
final class MacMoves {
    private final TransactionTemplate transactions;
    private final MacKeyRepository repository;
    private final Journal journal;
    private final Actor self;

    /** @param self who moves keys when nobody has ordered it: this node */
    MacMoves(TransactionTemplate transactions, MacKeyRepository repository, Journal journal, Actor self) {
        this.transactions = transactions;
        this.repository = repository;
        this.journal = journal;
        this.self = self;
    }

    /** Inserts the first key, which makes at once; false if there is one already. */
    boolean makeFirst(MacKeys.NewKey key, Instant now) {
        return move(
                () -> repository.insertFirst(key.id(), key.secret(), now),
                List.of(note(self, "prepare", key.id(), "first key", null, MacKeyState.MAKING)));
    }

    /** Inserts a verifying key; false if there is one already. */
    boolean prepare(MacKeys.NewKey key, Actor actor, String reason, Instant now) {
        return move(
                () -> repository.insertVerifying(key.id(), key.secret(), now),
                List.of(note(actor, "prepare", key.id(), reason, null, MacKeyState.VERIFYING)));
    }

    /** Inserts a key that an emergency may promote, and nobody else: see {@link MacKeyRepository#insertHeld}. */
    void hold(MacKeys.NewKey key, Actor actor, String reason, Instant now) {
        move(
                () -> {
                    repository.insertHeld(key.id(), key.secret(), now);
                    return true;
                },
                List.of(note(actor, "prepare", key.id(), reason, null, MacKeyState.OLD)));
    }

    /** Both moves or none: there is never a moment without a making key, and the unique index allows no second one. */
    boolean promote(String id, @Nullable String former, Instant now) {
        String reason = "schedule: every node has it";
        Journal.Note promoted = note(self, "promote", id, reason, MacKeyState.VERIFYING, MacKeyState.MAKING);
        return move(
                () -> (former == null || repository.retire(former, now)) && repository.promote(id),
                former == null
                        ? List.of(promoted)
                        : List.of(
                                note(self, "replace", former, reason, MacKeyState.MAKING, MacKeyState.OLD), promoted));
    }

    /** Deletes an old key that stopped before the time; false if it is none. */
    boolean delete(String id, Instant madeBefore) {
        return move(
                () -> repository.deleteOld(id, madeBefore),
                List.of(note(self, "delete", id, "schedule: its last refresh token is dead", MacKeyState.OLD, null)));
    }

    private interface Move {
        /** False if somebody else was faster. */
        boolean make();
    }

    private boolean move(Move move, List<Journal.Note> notes) {
        Boolean moved = transactions.execute(status -> {
            if (!move.make()) {
                status.setRollbackOnly();
                return false;
            }
            notes.forEach(journal::append);
            return true;
        });
        return Boolean.TRUE.equals(moved);
    }

    private static Journal.Note note(
            Actor actor,
            String action,
            String id,
            String reason,
            @Nullable MacKeyState before,
            @Nullable MacKeyState after) {
        return new Journal.Note(
                actor, action, new Subject(Subject.REFRESH_KEY, id), reason, wireName(before), wireName(after));
    }

    private static @Nullable String wireName(@Nullable MacKeyState state) {
        return state == null ? null : state.wireName();
    }
}
