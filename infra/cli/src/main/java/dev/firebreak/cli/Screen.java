package dev.firebreak.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the place we print to can show. Without a terminal, with NO_COLOR, or in a locale without line-drawing characters
 * everything is plain.
 */
record Screen(PrintWriter out, boolean colour, boolean unicode) {
    /** Narrowest terminal that people really use; everything we print fits. */
    static final int WIDTH = 80;

    static Screen of(PrintWriter out) {
        return of(out, System.console(), System.getenv());
    }

    static Screen of(PrintWriter out, @Nullable Console console, Map<String, String> environment) {
        boolean colour = isTerminal(console, environment)
                && environment.getOrDefault("NO_COLOR", "").isEmpty();
        Charset charset = Charset.forName(System.getProperty("stdout.encoding", "US-ASCII"), Charset.defaultCharset());
        return new Screen(out, colour, charset.newEncoder().canEncode('┌'));
    }

    /** Whether standard output obeys cursor movements. */
    static boolean isTerminal() {
        return isTerminal(System.console(), System.getenv());
    }

    private static boolean isTerminal(@Nullable Console console, Map<String, String> environment) {
        return console != null && console.isTerminal() && !"dumb".equals(environment.get("TERM"));
    }

    void line(String text) {
        out.println(text);
        out.flush();
    }

    String bold(String text) {
        return colour ? "\u001B[1m" + text + "\u001B[0m" : text;
    }

    String green(String text) {
        return colour ? "\u001B[32m" + text + "\u001B[0m" : text;
    }

    String yellow(String text) {
        return colour ? "\u001B[33m" + text + "\u001B[0m" : text;
    }

    String red(String text) {
        return colour ? "\u001B[31m" + text + "\u001B[0m" : text;
    }

    /** A box as wide as the screen. */
    void box(List<String> lines) {
        String corners = unicode ? "┌┐└┘" : "++++";
        String across = (unicode ? "─" : "-").repeat(WIDTH - 2);
        String side = unicode ? "│" : "|";
        line(yellow(corners.charAt(0) + across + corners.charAt(1)));
        for (String text : lines) {
            line(yellow(side) + " %-76s ".formatted(text) + yellow(side));
        }
        line(yellow(corners.charAt(2) + across + corners.charAt(3)));
    }

    /** Columns as wide as their widest cell, two blanks between; the first row is the heading. */
    void table(List<List<String>> rows) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (int r = 0; r < rows.size(); r++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = rows.get(r).get(i);
                text.append(cell);
                if (i < columns - 1) {
                    text.append(" ".repeat(widths[i] - cell.length() + 2));
                }
            }
            line(
                    r == 0
                            ? bold(text.toString().stripTrailing())
                            : text.toString().stripTrailing());
        }
    }
}
