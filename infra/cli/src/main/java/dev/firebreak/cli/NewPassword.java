package dev.firebreak.cli;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where a new account's password comes from. */
final class NewPassword {
    private NewPassword() {}

    static String read(String email, @Nullable String file) {
        String password = file != null ? firstLine(Path.of(file)) : fromPersonOrPipe(email);
        if (password.isEmpty()) {
            throw new UsageException("the password is empty");
        }
        return password;
    }

    private static String fromPersonOrPipe(String email) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            return firstLineOfInput();
        }
        char[] first = console.readPassword("New password of %s: ", email);
        char[] second = console.readPassword("Once more: ");
        if (first == null || second == null) {
            throw new UsageException("no password was given");
        }
        if (!Arrays.equals(first, second)) {
            throw new UsageException("the two passwords differ");
        }
        return new String(first);
    }

    private static String firstLine(Path file) {
        try {
            return Files.readString(file).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new UsageException("cannot read " + file + ": " + e.getMessage());
        }
    }

    private static String firstLineOfInput() {
        try {
            // Not closed: standard input is not ours.
            String line = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            return line == null ? "" : line;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read standard input", e);
        }
    }
}
