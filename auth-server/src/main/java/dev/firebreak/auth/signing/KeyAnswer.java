package dev.firebreak.auth.signing;

import dev.firebreak.auth.trust.EffectWatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an order did.
 *
 * @param changes states before and after, in the order in which they changed
 * @param missing verifiers that lack the key concerned, or had not heard of the revocation when this was written
 * @param says the same for people, a sentence each
 * @param journalSeq number of its last journal entry; 0 after a dry run
 * @param effective when each verifier was known to have it, counted from the commit
 * @param version of the key set afterwards
 */
public record KeyAnswer(
        KeyOrder.Kind order,
        boolean dryRun,
        List<Change> changes,
        List<String> missing,
        List<String> says,
        long journalSeq,
        List<EffectWatch.Effective> effective,
        long version) {
    public KeyAnswer {
        changes = List.copyOf(changes);
        missing = List.copyOf(missing);
        says = List.copyOf(says);
        effective = List.copyOf(effective);
    }

    /** A key that moved; {@code before} is absent for one that was made. */
    public record Change(String kid, @Nullable KeyState before, KeyState after) {
        static Change of(KeyMoves.Change change) {
            return new Change(change.kid(), change.before(), change.after());
        }
    }
}
