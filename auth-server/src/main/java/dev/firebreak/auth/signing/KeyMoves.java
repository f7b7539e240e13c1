package dev.firebreak.auth.signing;

import dev.firebreak.auth.audit.Journal;
import dev.firebreak.auth.trust.Revocations;
import dev.firebreak.contracts.error.KeyError;
import dev.firebreak.contracts.error.ServiceException;
import dev.firebreak.contracts.trust.Revocation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Moves keys: each set of moves is one transaction, begins by taking the next version of the set from the one that was
 * read, and ends with a line in the journal for each. On one pool; the schedule and operators have one each.
 */
final class KeyMoves {
    private final TransactionTemplate transactions;
    private final SigningKeyRepository repository;
    private final Journal journal;
    private final Revocations revocations;
    private final KeyVault vault;
    private final KeyPolicy policy;

    KeyMoves(
            TransactionTemplate transactions,
            SigningKeyRepository repository,
            Journal journal,
            Revocations revocations,
            KeyVault vault,
            KeyPolicy policy) {
        this.transactions = transactions;
        this.repository = repository;
        this.journal = journal;
        this.revocations = revocations;
        this.vault = vault;
        this.policy = policy;
    }

    /** A state before and after. */
    record Change(String kid, @Nullable KeyState before, KeyState after) {}

    /**
     * What was done.
     *
     * @param journalSeq number of the last journal entry; 0 = nothing was done
     * @param revocationSeq number of the last revocation; 0 = none
     */
    record Moved(long version, List<Change> changes, long journalSeq, long revocationSeq) {}

    /**
     * What others did between two readings, as if it had been done here but for the journal. The number of the revocation
     * is the last one there is: whoever has it has theirs.
     */
    Moved seen(KeyTable before, KeyTable now) {
        List<Change> changes = new ArrayList<>();
        for (SigningKey key : now.keys()) {
            KeyState former = before.find(key.kid()).map(SigningKey::state).orElse(null);
            if (former != key.state()) {
                changes.add(new Change(key.kid(), former, key.state()));
            }
        }
        return new Moved(now.version(), changes, 0, revocations.last());
    }

    KeyTable read() {
        return repository.findAll();
    }

    SigningKeyRepository repository() {
        return repository;
    }

    /**
     * Runs moves.
     *
     * @param from the table that they were decided on
     * @param dryRun does everything and rolls it back
     * @throws ServiceException {@link KeyError#CHANGED} if somebody moved a key since
     */
    Moved move(
            KeyTable from, String actor, String reason, Instant now, boolean dryRun, Function<Moving, Moving> moves) {
        return transactions.execute(status -> {
            long version = repository
                    .nextVersion(from.version())
                    .orElseThrow(() -> new ServiceException(
                            KeyError.CHANGED, "Somebody moved a key meanwhile. Look at the keys and order again."));
            Moving done = moves.apply(new Moving(version, actor, reason, now));
            long journalSeq = 0;
            // Last of all, because an append locks what every other writer needs (see Journal).
            for (Journal.Note note : done.notes) {
                journalSeq = journal.append(note);
            }
            if (dryRun) {
                status.setRollbackOnly();
            }
            return new Moved(version, List.copyOf(done.changes), journalSeq, done.revocationSeq);
        });
    }

    /** The moves of one transaction. */
    final class Moving {
        private final long version;
        private final String actor;
        private final String reason;
        private final Instant now;
        private final List<Change> changes = new ArrayList<>();
        private final List<Journal.Note> notes = new ArrayList<>();
        private long revocationSeq;

        private Moving(long version, String actor, String reason, Instant now) {
            this.version = version;
            this.actor = actor;
            this.reason = reason;
            this.now = now;
        }

        /** Makes a key; answers its id. */
        String prepare(SigningAlgorithm algorithm, boolean wanted, boolean hurried) {
            KeyVault.Fresh fresh = vault.generate(algorithm);
            repository.insertStaged(fresh, wanted, hurried, now);
            note("prepare", fresh.kid(), null, KeyState.STAGED);
            return fresh.kid();
        }

        Moving publish(String kid) {
            repository.publish(kid, version, now);
            return note("publish", kid, KeyState.STAGED, KeyState.PUBLISHED);
        }

        Moving confirm(String kid) {
            repository.confirm(kid, now);
            return note("confirm", kid, KeyState.PUBLISHED, KeyState.PUBLISHED);
        }

        /** Lets a key take over from the one that is active, if there is one. */
        Moving activate(String kid, @Nullable SigningKey active, @Nullable Instant signFrom) {
            if (active != null) {
                repository.retiring(active.kid(), now);
                note("replace", active.kid(), KeyState.ACTIVE, KeyState.RETIRING);
            }
            repository.activate(kid, signFrom, now.plus(policy.keyLife()), now);
            return note("activate", kid, KeyState.PUBLISHED, KeyState.ACTIVE);
        }

        Moving retire(SigningKey key) {
            repository.retire(key.kid(), key.state(), now);
            return note("retire", key.kid(), key.state(), KeyState.RETIRED);
        }

        /** Takes a key back: in the table, and with every verifier. */
        Moving revoke(String kid, KeyState from) {
            repository.revoke(kid, from, now);
            revocationSeq = revocations.revoke(Revocation.Kind.KID, kid, null);
            return note("revoke", kid, from, KeyState.REVOKED);
        }

        /** What an emergency key is for; it and {@link #takeOver} are two transactions, with a wait between them. */
        Moving intend(String kid, List<String> takesBack) {
            repository.intend(kid, takesBack, now);
            return note("emergency", kid, KeyState.PUBLISHED, KeyState.PUBLISHED);
        }

        /** The end of an emergency: never two active keys, never none. */
        Moving takeOver(KeyTable table, String next, List<String> takesBack, @Nullable Instant signFrom) {
            SigningKey active = table.active();
            boolean leaked = active != null && takesBack.contains(active.kid());
            if (active != null && leaked) {
                revoke(active.kid(), KeyState.ACTIVE);
            }
            activate(next, leaked ? null : active, signFrom);
            for (SigningKey key : table.keys()) {
                boolean usable = key.state() == KeyState.RETIRING
                        || key.state() == KeyState.PUBLISHED
                        || key.state() == KeyState.STAGED;
                if (usable && !key.kid().equals(next) && takesBack.contains(key.kid())) {
                    revoke(key.kid(), key.state());
                }
            }
            return this;
        }

        Moving want(String kid, KeyState state, boolean hurried) {
            repository.want(kid, hurried, now);
            return note(hurried ? "hurry" : "want", kid, state, state);
        }

        private Moving note(String action, String kid, @Nullable KeyState before, KeyState after) {
            changes.add(new Change(kid, before, after));
            notes.add(new Journal.Note(
                    actor, action, kid, reason, before == null ? null : before.wireName(), after.wireName()));
            return this;
        }
    }
}
