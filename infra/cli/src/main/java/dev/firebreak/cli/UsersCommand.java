package dev.firebreak.cli;

import dev.firebreak.cli.keys.EffectTable;
import dev.firebreak.stack.ops.OpsClient;
import dev.firebreak.stack.ops.User;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Accounts, by the operators' endpoints. */
@Command(name = "users", mixinStandardHelpOptions = true, description = "Adds, lists, disables accounts.")
final class UsersCommand implements Runnable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String WHO = "E-mail address or id.";
    private static final String WHY = "Why, for the journal.";

    /** The roles there are (contracts, "Scopes"). */
    enum Role {
        user,
        operator
    }

    @ParentCommand
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Main main;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
        throw new UsageException("users what? add, list, disable, enable or role; see ./firebreak users --help");
    }

    @Command(
            name = "add",
            mixinStandardHelpOptions = true,
            description = {
                "Creates an account. Its password comes from --password-file, a prompt,",
                "or the first line of standard input; never from the command line, which others see."
            })
    int add(
            @Parameters(paramLabel = "EMAIL") String email,
            @Option(names = "--name", description = "As shown to the person; the address without one.") @Nullable
                    String name,
            @Option(names = "--role", defaultValue = "user", description = "${COMPLETION-CANDIDATES}") Role role,
            @Option(names = "--password-file", paramLabel = "FILE") @Nullable String passwordFile,
            @Option(names = "--reason", paramLabel = "TEXT", description = WHY) @Nullable String reason) {
        OpsClient ops = ops();
        String password = NewPassword.read(email, passwordFile);
        User user = ops.add(email, name == null ? email : name, password, role.name(), false, reason);
        return say("added " + user.email() + " (" + user.role() + ", id " + user.id() + ")");
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Shows every account.")
    int list(@Option(names = "--json", description = "As one JSON document.") boolean json) {
        List<User> users = ops().list();
        Screen screen = Screen.of(spec.commandLine().getOut());
        if (json) {
            screen.line(json(users));
            return 0;
        }
        List<List<String>> rows = new ArrayList<>(List.of(List.of("EMAIL", "NAME", "ROLE", "STATE")));
        for (User user : users) {
            String state = (user.disabled() ? "disabled" : "active") + (user.demo() ? ", demo" : "");
            rows.add(List.of(user.email(), user.name(), user.role(), state));
        }
        screen.table(rows);
        return 0;
    }

    @Command(
            name = "disable",
            mixinStandardHelpOptions = true,
            description = "Ends all sessions of an account and lets nobody sign in with it.")
    int disable(
            @Parameters(paramLabel = "USER", description = WHO) String user,
            @Option(names = "--reason", paramLabel = "TEXT", description = WHY) @Nullable String reason) {
        JsonNode answer = ops().disable(user, reason);
        Screen screen = Screen.of(spec.commandLine().getOut());
        screen.line("disabled " + user);
        EffectTable.says(answer).forEach(screen::line);
        EffectTable.lines(answer).forEach(screen::line);
        return 0;
    }

    @Command(name = "enable", mixinStandardHelpOptions = true, description = "Lets an account sign in again.")
    int enable(
            @Parameters(paramLabel = "USER", description = WHO) String user,
            @Option(names = "--reason", paramLabel = "TEXT", description = WHY) @Nullable String reason) {
        ops().enable(user, reason);
        return say("enabled " + user);
    }

    @Command(name = "role", mixinStandardHelpOptions = true, description = "Changes what an account may do.")
    int role(
            @Parameters(paramLabel = "USER", description = WHO) String user,
            @Parameters(paramLabel = "ROLE", description = "${COMPLETION-CANDIDATES}") Role role,
            @Option(names = "--reason", paramLabel = "TEXT", description = WHY) @Nullable String reason) {
        ops().changeRole(user, role.name(), reason);
        return say(user + " has role " + role + " from the next token on");
    }

    private static String json(List<User> users) {
        ObjectNode document = JSON.createObjectNode();
        ArrayNode list = document.putArray("users");
        for (User user : users) {
            list.addObject()
                    .put("id", user.id())
                    .put("email", user.email())
                    .put("name", user.name())
                    .put("role", user.role())
                    .put("disabled", user.disabled())
                    .put("demo", user.demo())
                    .put("created_at", user.createdAt());
        }
        return document.toString();
    }

    private OpsClient ops() {
        return main.workspace()
                .runningStack()
                .ops(BusyNotice.on(spec.commandLine().getErr()));
    }

    private int say(String text) {
        Screen.of(spec.commandLine().getOut()).line(text);
        return 0;
    }
}
