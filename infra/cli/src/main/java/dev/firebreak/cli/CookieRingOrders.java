package dev.firebreak.cli;

import dev.firebreak.cli.keys.KeyTable;
import dev.firebreak.cli.keys.OrderText;
import dev.firebreak.stack.layout.StackFolder;
import dev.firebreak.stack.secrets.CookieRing;
import dev.firebreak.stack.secrets.CookieRing.Changed;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code keys --ring cookie}: the local stack's own ring file, with answers in the shape of the server's. No key is shown.
 *
 * @param print takes the document and the same as lines
 */
record CookieRingOrders(StackFolder folder, InstantSource clock, BiConsumer<JsonNode, List<String>> print) {
    private static final JsonMapper JSON = new JsonMapper();

    int list() {
        ObjectNode document = JSON.createObjectNode();
        ArrayNode keys = document.putArray("keys");
        for (CookieRing.Entry entry : CookieRing.load(folder).entries()) {
            keys.addObject().put("id", entry.id()).put("state", entry.state());
        }
        print.accept(document, KeyTable.ring(document));
        return ExitCode.OK;
    }

    /** The first half of a rotation: a key that opens. */
    int rotate(String reason, boolean dryRun) {
        Changed changed = CookieRing.load(folder).add();
        String id = changed.changes().getFirst().id();
        return carryOut(
                "rotate",
                changed,
                reason,
                dryRun,
                "Key " + id + " opens cookies and seals none yet. Gateways read the file each second; when the metric "
                        + "gateway_cookie_ring_key shows " + id + " on every one, go on: "
                        + "./firebreak keys activate --ring cookie");
    }

    /** The second half: it seals. */
    int activate(@Nullable String id, String reason, boolean dryRun) {
        Changed changed = CookieRing.load(folder).activate(id);
        return carryOut(
                "activate",
                changed,
                reason,
                dryRun,
                changed.changes().isEmpty()
                        ? "It seals already."
                        : "The key that sealed before goes on opening. Retire it when no session is as old: "
                                + "./firebreak keys retire --ring cookie --kid ID");
    }

    int retire(String id, String reason, boolean dryRun) {
        Changed changed = CookieRing.load(folder).retire(id);
        return carryOut(
                "retire",
                changed,
                reason,
                dryRun,
                changed.changes().isEmpty()
                        ? "It is retired already."
                        : "Cookies that " + id + " sealed are refused and cleared: their people sign in again.");
    }

    private int carryOut(String order, Changed changed, String reason, boolean dryRun, String says) {
        if (!dryRun) {
            changed.save(folder, clock.instant(), reason);
        }
        ObjectNode document = JSON.createObjectNode().put("order", order).put("dry_run", dryRun);
        ArrayNode changes = document.putArray("changes");
        for (CookieRing.Change change : changed.changes()) {
            changes.addObject()
                    .put("kid", change.id())
                    .put("before", change.before())
                    .put("after", change.after());
        }
        document.putArray("says").add(says);
        print.accept(document, OrderText.lines(order, document));
        return ExitCode.OK;
    }
}
