package dev.firebreak.auth.grant;

import dev.firebreak.contracts.error.RefreshKeyError;
import dev.firebreak.contracts.error.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What an emergency does about the MAC keys: a pure function of the order and the table.
 *
 * @param takesBack keys to revoke
 * @param replaces whether no key would make tokens then, so that another has to
 * @param since families begun or renewed since then end
 * @param revokedAt when the key was revoked, if it is already: families begun later are no business of this order, which ends what
 *     the one before has left
 */
record MacPlan(
        List<MacKey> takesBack,
        boolean replaces,
        Instant since,
        @Nullable Instant revokedAt) {
    /** How far two nodes' clocks may be apart, in which families were renewed. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    /** Later than any renewal, and a time that the database knows. */
    private static final Instant NEVER = Instant.parse("9999-12-31T00:00:00Z");

    MacPlan {
        takesBack = List.copyOf(takesBack);
    }

    /**
     * @param id the key that leaked; absent = every key there is that is not revoked
     * @param revoked ids of the keys in the table that are revoked already
     * @param wasMaking whether a revoked key made tokens until it was revoked
     * @throws ServiceException {@link RefreshKeyError#NOT_FOUND}
     */
    static MacPlan of(@Nullable String id, List<MacKey> table, Set<String> revoked, Predicate<MacKey> wasMaking) {
        List<MacKey> left =
                table.stream().filter(key -> !revoked.contains(key.id())).toList();
        List<MacKey> takesBack = id == null
                ? left
                : table.stream().filter(key -> key.id().equals(id)).toList();
        if (takesBack.isEmpty()) {
            throw new ServiceException(
                    RefreshKeyError.NOT_FOUND, id == null ? "There is no key." : "There is no key %s.".formatted(id));
        }
        MacKey first = takesBack.getFirst();
        boolean replaces =
                takesBack.stream().anyMatch(MacPlan::isMaking) || left.stream().noneMatch(MacPlan::isMaking);
        if (!revoked.contains(first.id())) {
            return new MacPlan(takesBack, replaces, since(takesBack, MacPlan::isMaking), null);
        }
        // One order revokes all its keys at one moment.
        List<MacKey> together = table.stream()
                .filter(key -> revoked.contains(key.id()) && Objects.equals(key.madeUntil(), first.madeUntil()))
                .toList();
        return new MacPlan(takesBack, replaces, since(together, wasMaking), first.madeUntil());
    }

    boolean isRevokedAlready() {
        return revokedAt != null;
    }

    /**
     * Families that end. Given again for the key that made tokens, the order leaves alone what was renewed after the revocation:
     * a forged token of it was exchanged for none but its own kind, so another key's is proof that the family was not touched.
     *
     * @param now when it is carried out
     */
    FamilyRepository.Touched touched(Instant now) {
        if (revokedAt == null) {
            return new FamilyRepository.Touched(since, NEVER, now);
        }
        return new FamilyRepository.Touched(since, since.equals(Instant.EPOCH) ? NEVER : revokedAt, revokedAt);
    }

    /**
     * Since when a forged token may have renewed a family. The key that makes tokens makes the successors of forged ones, too,
     * so families that nobody renewed since it was made are safe. One that makes no more had its forged tokens exchanged for
     * another key's, without a trace if the parent of the newest was presented: then nobody is safe.
     */
    private static Instant since(List<MacKey> takesBack, Predicate<MacKey> isMaking) {
        MacKey first = takesBack.getFirst();
        return takesBack.size() == 1 && isMaking.test(first) ? first.createdAt().minus(MARGIN) : Instant.EPOCH;
    }

    private static boolean isMaking(MacKey key) {
        return key.state() == MacKeyState.MAKING;
    }

    List<String> ids() {
        return takesBack.stream().map(MacKey::id).toList();
    }
}
