package dev.firebreak.cli;

import dev.firebreak.stack.PartStatus;
import dev.firebreak.stack.PartStatus.State;
import dev.firebreak.stack.Stack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Each part's state, for people, programs and shells. */
@Command(name = "status", mixinStandardHelpOptions = true, description = "Shows each part's state.")
final class StatusCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @ArgGroup
    private @Nullable Form form;

    private static final class Form {
        @Option(names = "--json", description = "As one JSON document.")
        private boolean json;

        @Option(names = "--env", description = "As shell variables: eval \"$(./firebreak status --env)\"")
        private boolean env;
    }

    @Override
    public Integer call() {
        Screen screen = Screen.of(spec.commandLine().getOut());
        Stack stack = main.workspace().stack();
        List<PartStatus> parts = stack.status();
        if (form != null && form.json) {
            screen.line(json(parts));
        } else if (form != null && form.env) {
            environment(stack, parts).forEach(screen::line);
        } else {
            table(screen, parts);
        }
        return 0;
    }

    static String json(List<PartStatus> parts) {
        ObjectNode document = JSON.createObjectNode();
        ArrayNode list = document.putArray("parts");
        for (PartStatus part : parts) {
            ObjectNode node = list.addObject()
                    .put("name", part.part().id())
                    .put("state", part.state().word());
            if (part.pid().isPresent()) {
                node.put("pid", part.pid().getAsLong());
            } else {
                node.putNull("pid");
            }
            node.put("port", part.port());
            part.uptime()
                    .ifPresentOrElse(
                            uptime -> node.put("uptime_s", uptime.toSeconds()), () -> node.putNull("uptime_s"));
        }
        return document.toString();
    }

    private static void table(Screen screen, List<PartStatus> parts) {
        List<List<String>> rows = new ArrayList<>(List.of(List.of("PART", "STATE", "PID", "PORT", "UPTIME")));
        for (PartStatus part : parts) {
            rows.add(List.of(
                    part.part().id(),
                    part.state().word(),
                    part.pid().isPresent() ? Long.toString(part.pid().getAsLong()) : "-",
                    Integer.toString(part.port()),
                    part.uptime().map(StatusCommand::words).orElse("-")));
        }
        screen.table(rows);
    }

    private static List<String> environment(Stack stack, List<PartStatus> parts) {
        String origin = stack.ports().publicOrigin();
        boolean up = parts.stream().allMatch(part -> part.state() == State.READY);
        return List.of(
                variable("FIREBREAK_UP", Boolean.toString(up)),
                variable("FIREBREAK_URL", origin),
                variable("FIREBREAK_ISSUER", origin + "/auth"),
                variable("FIREBREAK_API", origin + "/api/v1"),
                variable("FIREBREAK_HOME", stack.folder().root().toString()),
                variable(
                        "FIREBREAK_AUTH_DB_PORT", Integer.toString(stack.ports().authDb())),
                variable(
                        "FIREBREAK_TASKS_DB_PORT",
                        Integer.toString(stack.ports().tasksDb())));
    }

    /** In single quotes, where a shell takes everything but a single quote as it is. */
    static String variable(String name, String value) {
        return "export " + name + "='" + value.replace("'", "'\\''") + "'";
    }

    static String words(Duration uptime) {
        if (uptime.toHours() > 0) {
            return uptime.toHours() + " h " + uptime.toMinutesPart() + " min";
        }
        return uptime.toMinutes() > 0
                ? uptime.toMinutes() + " min " + uptime.toSecondsPart() + " s"
                : uptime.toSeconds() + " s";
    }
}
