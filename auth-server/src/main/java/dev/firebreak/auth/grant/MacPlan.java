package dev.firebreak.auth.grant;

import dev.firebreak.contracts.error.RefreshKeyError;
import dev.firebreak.contracts.error.ServiceException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an emergency does about the MAC keys: a pure function of the order and the table.
 *
 * @param takesBack keys to revoke
 * @param replaces whether no key would make tokens then, so that another has to
 * @param since families begun or renewed since then end
 */
record MacPlan(List<MacKey> takesBack, boolean replaces, Instant since) {
    /** How far two nodes' clocks may be apart, in which families were renewed. */
    private static final Duration MARGIN = Duration.ofMinutes(1);

    MacPlan {
        takesBack = List.copyOf(takesBack);
    }

    /**
     * @param id the key that leaked; absent = every key there is
     * @param revoked ids of the keys in the table that are revoked already
     * @throws ServiceException {@link RefreshKeyError#NOT_FOUND}
     */
    static MacPlan of(@Nullable String id, List<MacKey> table, Set<String> revoked) {
        List<MacKey> left =
                table.stream().filter(key -> !revoked.contains(key.id())).toList();
        List<MacKey> takesBack = id == null
                ? left
                : left.stream().filter(key -> key.id().equals(id)).toList();
        if (takesBack.isEmpty()) {
            throw new ServiceException(
                    RefreshKeyError.NOT_FOUND,
                    id == null ? "There is no key." : "There is no key %s, or it is revoked already.".formatted(id));
        }
        boolean replaces = takesBack.stream().anyMatch(MacPlan::isMaking)
                || left.stream().noneMatch(MacPlan::isMaking);
        return new MacPlan(takesBack, replaces, since(takesBack));
    }

    /**
     * Since when a forged token may have renewed a family. The key that makes tokens makes the successors of forged ones, too,
     * so families that nobody renewed since it was made are safe. One that makes no more had its forged tokens exchanged for
     * another key's, without a trace if the parent of the newest was presented: then nobody is safe.
     */
    private static Instant since(List<MacKey> takesBack) {
        MacKey first = takesBack.getFirst();
        return takesBack.size() == 1 && isMaking(first) ? first.createdAt().minus(MARGIN) : Instant.EPOCH;
    }

    private static boolean isMaking(MacKey key) {
        return key.state() == MacKeyState.MAKING;
    }

    List<String> ids() {
        return takesBack.stream().map(MacKey::id).toList();
    }
}
