package dev.firebreak.cli;

import dev.firebreak.stack.ops.Sealing;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How far a rotation of the key-encryption key has come. Changes nothing: the key file does. Stands below any command. */
@Command(
        name = "kek",
        mixinStandardHelpOptions = true,
        description = "Shows which key-encryption keys are still needed, by the rows that they seal.")
final class KekCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    /** The option of the command above, which all below it share. */
    private boolean asJson() {
        OptionSpec option = spec.findOption("--json");
        return option != null && Boolean.TRUE.equals(option.getValue());
    }

    @Override
    public Integer call() {
        OptionSpec target = spec.findOption("--target");
        if (target != null && target.getValue() != null) {
            // The answer of another deployment would say that a key may be deleted.
            throw new UsageException("keys kek asks the stack of this checkout; it knows no --target");
        }
        Main main = (Main) spec.root().userObject();
        Sealing sealing = main.workspace()
                .runningStack()
                .ops(BusyNotice.on(spec.commandLine().getErr()))
                .sealing();
        Screen screen = Screen.of(spec.commandLine().getOut());
        if (asJson()) {
            screen.line(json(sealing));
            return 0;
        }
        screen.table(rows(sealing));
        screen.line("");
        screen.line(verdict(sealing));
        return 0;
    }

    static List<List<String>> rows(Sealing sealing) {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("KEY", "ROWS", "STATE")));
        for (Sealing.Key key : sealing.keys()) {
            String state = key.id().equals(sealing.current()) ? "current" : key.inFile() ? "old" : "missing";
            rows.add(List.of(key.id(), String.valueOf(key.rows()), state));
        }
        return rows;
    }

    static String verdict(Sealing sealing) {
        if (!sealing.waitsFor().isEmpty()) {
            return "waits: another key is first in the file of " + String.join(", ", sealing.waitsFor());
        }
        return sealing.done() ? "done: no other key is needed" : "under way: keep every key that has rows";
    }

    static String json(Sealing sealing) {
        ObjectNode document = JSON.createObjectNode().put("current", sealing.current());
        ArrayNode keys = document.putArray("keys");
        for (Sealing.Key key : sealing.keys()) {
            keys.addObject().put("id", key.id()).put("rows", key.rows()).put("in_file", key.inFile());
        }
        document.put("done", sealing.done());
        ArrayNode waitsFor = document.putArray("waits_for");
        sealing.waitsFor().forEach(waitsFor::add);
        return document.toString();
    }
}
