package dev.firebreak.auth.grant;

import dev.firebreak.auth.grant.MacSchedule.Step;
import dev.firebreak.auth.node.Node;
import dev.firebreak.auth.node.Nodes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the MAC keys and makes the changes that are due. Any number of nodes does so at once: each change compares what
 * it was decided on, so that one of them makes it. Called by one thread at a time.
 */
final class MacRotation {
    private static final Logger LOG = LoggerFactory.getLogger(MacRotation.class);

    private final MacKeys keys;
    private final MacMoves moves;
    private final Nodes nodes;
    private final InstantSource clock;

    MacRotation(MacKeys keys, MacMoves moves, Nodes nodes, InstantSource clock) {
        this.keys = keys;
        this.moves = moves;
        this.nodes = nodes;
        this.clock = clock;
    }

    /** Reads the keys and does what is due. */
    void run() {
        nodes.join();
        List<MacKey> table = keys.refresh();
        // Known before the nodes are read: who joins later reads the keys later, this one among them.
        List<Node> living = MacSchedule.asksWhoLives(table) ? nodes.read() : List.of();
        if (!nodes.isIn(living)) {
            living = List.of();
        }
        Instant now = clock.instant();
        MacSchedule.due(table, living, now).forEach(step -> take(step, now));
    }

    private void take(Step step, Instant now) {
        switch (step) {
            case Step.Promote promote -> {
                if (moves.promote(promote.id(), promote.former(), now)) {
                    keys.refresh();
                    LOG.info("MAC key {} makes refresh tokens from now on, after {}", promote.id(), promote.former());
                }
            }
            case Step.Delete(String id) -> {
                if (moves.delete(id, now.minus(MacSchedule.KEPT))) {
                    LOG.info("MAC key {} is deleted: its last refresh token is dead", id);
                }
            }
        }
    }
}
