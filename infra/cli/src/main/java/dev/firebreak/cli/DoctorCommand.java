package dev.firebreak.cli;

import dev.firebreak.cli.doctor.Check;
import dev.firebreak.cli.doctor.Check.Verdict;
import dev.firebreak.cli.doctor.Doctor;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Looks for what is wrong with this machine or this checkout. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Checks this machine and this checkout; status 1 when something must be mended.")
final class DoctorCommand implements Callable<Integer> {
    private static final JsonMapper JSON = new JsonMapper();

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--json", description = "As one JSON document.")
    private boolean json;

    @Override
    public Integer call() {
        Screen screen = Screen.of(spec.commandLine().getOut());
        Workspace workspace = main.workspace();
        List<Check> checks = Doctor.examine(workspace.stack(), workspace.project(), workspace.clock());
        if (json) {
            screen.line(json(checks));
        } else {
            checks.forEach(check -> print(screen, check));
        }
        return checks.stream().anyMatch(check -> check.verdict() == Verdict.FAIL) ? 1 : 0;
    }

    private static void print(Screen screen, Check check) {
        String word = switch (check.verdict()) {
            case OK -> screen.green("ok  ");
            case WARN -> screen.yellow("warn");
            case FAIL -> screen.red("FAIL");
        };
        screen.line(word + "  %-9s %s".formatted(check.name(), check.found()));
        if (!check.advice().isEmpty()) {
            screen.line(" ".repeat(16) + check.advice());
        }
    }

    private static String json(List<Check> checks) {
        ObjectNode document = JSON.createObjectNode();
        ArrayNode list = document.putArray("checks");
        for (Check check : checks) {
            list.addObject()
                    .put("name", check.name())
                    .put("verdict", check.verdict().name().toLowerCase(Locale.ROOT))
                    .put("found", check.found())
                    .put("advice", check.advice());
        }
        return document.toString();
    }
}
