package dev.firebreak.cli;

import dev.firebreak.stack.layout.Ports;
import dev.firebreak.stack.ops.DemoAccounts;
import java.nio.file.Path;
import java.util.List;

/** What a newcomer needs once everything runs: where, who, a link that fills the form, one call, where the data lives. */
record Card(Ports ports, Path data) {
    private static final String USER = DemoAccounts.ALL.getFirst().email();

    void print(Screen screen) {
        String origin = ports.publicOrigin();
        screen.line("");
        entry(screen, "app", origin);
        entry(screen, "sign in", origin + "/login?login_hint=" + USER);
        for (DemoAccounts.Account account : DemoAccounts.ALL) {
            entry(
                    screen,
                    account == DemoAccounts.ALL.getFirst() ? "accounts" : "",
                    "%-18s password %s (%s)".formatted(account.email(), DemoAccounts.PASSWORD, account.role()));
        }
        entry(screen, "issuer", origin + "/auth");
        entry(screen, "data", data + " (kept; ./firebreak up --fresh wipes it)");
        entry(screen, "next", "./firebreak status, logs, doctor, token --explain, down");
        screen.line("");
        screen.line("List tasks as " + USER + ":");
        screen.line("");
        screen.line("curl -H \"Authorization: Bearer $(./firebreak token --as " + USER + ")\" \\");
        screen.line("  " + origin + "/api/v1/tasks");
        screen.line("");
        screen.box(List.of(
                "Local profile: published passwords, plain HTTP, everything on one machine.",
                "Services refuse these accounts elsewhere. Before production: SECURITY.md"));
    }

    private static void entry(Screen screen, String name, String value) {
        screen.line("  " + screen.bold("%-9s".formatted(name)) + " " + value);
    }
}
