package dev.firebreak.cli;

import dev.firebreak.cli.keys.RenewalCurve;
import dev.firebreak.stack.ops.KeysClient;
import dev.firebreak.stack.ops.OpsRefusal;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * {@code keys rotate --emergency --watch}: after the order, how sessions are renewed. That the server has no time for a look
 * is no failure, because the order is carried out.
 *
 * @param json one document a line instead of bars
 */
record RenewalWatch(KeysClient keys, InstantSource clock, Screen screen, boolean json) {
    private static final int UNAVAILABLE = 503;

    void run() throws InterruptedException {
        RenewalCurve curve = new RenewalCurve(clock, Thread::sleep);
        if (!json) {
            screen.line("");
            screen.line("Sessions renewed:");
        }
        Optional<JsonNode> last = curve.follow(this::ask, renewal -> {
            List<String> fresh = curve.bars(renewal);
            if (!json) {
                fresh.forEach(screen::line);
            } else if (!fresh.isEmpty()) {
                screen.line(renewal.toString());
            }
        });
        if (!json) {
            RenewalCurve.conclusion(last).forEach(screen::line);
        }
    }

    private Optional<JsonNode> ask() {
        try {
            return Optional.of(keys.renewal());
        } catch (OpsRefusal refusal) {
            if (refusal.status() == UNAVAILABLE) {
                return Optional.empty();
            }
            throw refusal;
        }
    }
}
