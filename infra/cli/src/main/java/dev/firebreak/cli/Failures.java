package dev.firebreak.cli;

import dev.firebreak.cli.keys.Refusals;
import dev.firebreak.cli.oauth.OAuthException;
import dev.firebreak.stack.layout.FullDisk;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.ops.OpsRefusal;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;

/** How errors leave this program: one line that says what is wrong, one that says what to do, and the status. */
final class Failures {
    private Failures() {}

    static int usage(ParameterException error, String[] args) {
        CommandLine command = error.getCommandLine();
        command.getErr().println("firebreak: " + error.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(error, command.getErr());
        command.getErr().println("           see ./" + command.getCommandSpec().qualifiedName() + " --help");
        command.getErr().flush();
        return ExitCode.USAGE;
    }

    static int report(Exception error, CommandLine command, boolean debug) {
        PrintWriter err = command.getErr();
        int status = ExitCode.SOFTWARE;
        switch (error) {
            case UsageException usage -> {
                err.println("firebreak: " + usage.getMessage());
                status = ExitCode.USAGE;
            }
            case StackException foreseen -> report(foreseen, err);
            case OAuthException refused -> {
                err.println("firebreak: " + refused.getMessage());
                err.println("           " + refused.advice());
            }
            case OpsRefusal refusal -> {
                err.println("firebreak: refused (" + refusal.code() + "): " + refusal.getMessage());
                Refusals.advice(refusal.status(), refusal.code(), refusal.problem())
                        .forEach(line -> err.println("           " + line));
            }
            case UncheckedIOException full
            when FullDisk.caused(full) -> {
                err.println("firebreak: the disk is full: " + full.getMessage());
                err.println("           " + FullDisk.advice());
            }
            case UncheckedIOException disk ->
                err.println(
                        "firebreak: " + disk.getMessage() + (disk.getCause() == null ? "" : ": " + disk.getCause()));
            default -> {
                err.println("firebreak: this should not happen: " + error);
                err.println("           the same with --debug shows where; please report it");
            }
        }
        if (debug) {
            error.printStackTrace(err);
        }
        err.flush();
        return status;
    }

    private static void report(StackException foreseen, PrintWriter err) {
        err.println("firebreak: " + foreseen.problem());
        if (!foreseen.excerpt().isEmpty()) {
            foreseen.excerpt().forEach(line -> err.println("    | " + line));
        }
        foreseen.log().ifPresent(log -> err.println("           log: " + log));
        err.println("           " + foreseen.advice());
    }
}
