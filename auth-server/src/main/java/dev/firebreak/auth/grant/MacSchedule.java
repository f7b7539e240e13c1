package dev.firebreak.auth.grant;

import dev.firebreak.auth.node.Node;
import dev.firebreak.contracts.token.Lifetimes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is due in the life of the MAC keys: a pure function of the table, the living nodes and the time. */
final class MacSchedule {
    /**
     * How long a key is kept after it stopped making tokens. A node learns of that a second late, or, if it has lost the
     * database, later; no token is presented later than 14 d after it was made (idle), so there are 16 d for that.
     */
    static final Duration KEPT = Lifetimes.REFRESH_ABSOLUTE;

    private MacSchedule() {}

    /** One change of the table. */
    sealed interface Step {
        /**
         * The verifying key makes from now on.
         *
         * @param former the key that makes until now; absent if none does
         */
        record Promote(String id, @Nullable String former) implements Step {}

        /** The last token of the key is dead. */
        record Delete(String id) implements Step {}
    }

    /** True if {@link #due} needs to know who lives. */
    static boolean asksWhoLives(List<MacKey> keys) {
        return keys.stream().anyMatch(key -> key.state() == MacKeyState.VERIFYING);
    }

    /** @param nodes every living node, the asking one among them; empty if that is not known, and nothing is promoted */
    static List<Step> due(List<MacKey> keys, List<Node> nodes, Instant now) {
        List<Step> steps = new ArrayList<>();
        for (MacKey key : keys) {
            Instant madeUntil = key.madeUntil();
            switch (key.state()) {
                case VERIFYING -> {
                    if (!nodes.isEmpty() && waitsFor(key, nodes).isEmpty()) {
                        steps.add(new Step.Promote(key.id(), making(keys)));
                    }
                }
                case MAKING -> {
                    // Until another one takes over, at an operator's order.
                }
                case OLD -> {
                    if (madeUntil != null && !now.isBefore(madeUntil.plus(KEPT))) {
                        steps.add(new Step.Delete(key.id()));
                    }
                }
            }
        }
        return List.copyOf(steps);
    }

    /** Names of the nodes that must load the key before it can make tokens; none for a key that is past that. */
    static List<String> waitsFor(MacKey key, List<Node> nodes) {
        if (key.state() != MacKeyState.VERIFYING) {
            return List.of();
        }
        return nodes.stream()
                .filter(node -> !node.macKeys().contains(key.id()))
                .map(Node::name)
                .distinct()
                .sorted()
                .toList();
    }

    private static @Nullable String making(List<MacKey> keys) {
        return keys.stream()
                .filter(key -> key.state() == MacKeyState.MAKING)
                .map(MacKey::id)
                .findFirst()
                .orElse(null);
    }
}
