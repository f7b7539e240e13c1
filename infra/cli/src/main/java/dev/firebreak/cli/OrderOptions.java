package dev.firebreak.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What every order on keys takes: a reason, which the journal keeps, and whether it is only a question. */
final class OrderOptions {
    private static final int SHORTEST_REASON = 3;
    private static final int LONGEST_REASON = 500;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; needed, 3 to 500 characters.")
    private @Nullable String reason;

    @Option(names = "--dry-run", description = "Say what would happen; change nothing.")
    private boolean dryRun;

    boolean dryRun() {
        return dryRun;
    }

    String reason(String order) {
        if (reason == null) {
            throw new UsageException("keys " + order + " needs --reason TEXT: the journal keeps who did what and why");
        }
        return optionalReason();
    }

    String optionalReason() {
        if (reason == null) {
            return "";
        }
        if (reason.strip().length() < SHORTEST_REASON || reason.length() > LONGEST_REASON) {
            throw new UsageException("--reason must have 3 to 500 characters");
        }
        return reason;
    }
}
