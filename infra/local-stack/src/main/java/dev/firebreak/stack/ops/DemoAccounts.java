package dev.firebreak.stack.ops;

import dev.firebreak.stack.layout.StackException;
import java.util.List;

/** The accounts of contracts, "Local ports and URLs". Flagged {@code demo}, so that nothing real starts with them. */
public final class DemoAccounts {
    /** Known to everybody, therefore good for this machine alone. */
    public static final String PASSWORD = "firebreak";

    /** One demo account. */
    public record Account(String email, String name, String role) {}

    public static final List<Account> ALL = List.of(
            new Account("alice@example.com", "Alice Example", "user"),
            new Account("bob@example.com", "Bob Example", "user"),
            new Account("ops@example.com", "Olga Operator", "operator"));

    private static final int CONFLICT = 409;

    private DemoAccounts() {}

    /** Makes those that are missing. */
    public static void create(OpsClient ops) {
        for (Account account : ALL) {
            try {
                ops.add(account.email(), account.name(), PASSWORD, account.role(), true, "demo account");
            } catch (OpsRefusal refusal) {
                if (refusal.status() != CONFLICT) {
                    throw new StackException(
                            "the demo account " + account.email() + " was refused: " + refusal.code() + ", "
                                    + refusal.getMessage(),
                            "see ./firebreak logs auth-server-1",
                            refusal);
                }
            }
        }
    }
}
