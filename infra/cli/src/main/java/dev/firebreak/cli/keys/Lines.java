package dev.firebreak.cli.keys;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Text within 80 columns. */
final class Lines {
    static final int WIDTH = 80;
    private static final String GAP = "  ";

    /** A date with its time; cells but the first and the last are cut here. */
    private static final int LONGEST_CELL = 16;

    /**
     * What a terminal obeys, or lets a line look like another one: controls of C0 and C1, separators of lines and
     * paragraphs, and format characters, those that turn the direction of writing among them.
     */
    private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    private Lines() {}

    /** A member as text that is safe to print; empty when there is none. */
    static String text(JsonNode object, String member) {
        return text(object.path(member));
    }

    /** A person may have written it. */
    static String text(JsonNode value) {
        return UNSAFE.matcher(value.asString("")).replaceAll("?");
    }

    static List<String> texts(JsonNode array) {
        return array.valueStream().map(Lines::text).toList();
    }

    /** Lines of at most this width, broken at blanks where there are any; none for no text. */
    static List<String> wrap(int width, String text) {
        List<String> lines = new ArrayList<>();
        String rest = text.strip();
        while (rest.length() > width) {
            int blank = rest.lastIndexOf(' ', width);
            int cut = blank > 0 ? blank : width;
            lines.add(rest.substring(0, cut).stripTrailing());
            rest = rest.substring(cut).strip();
        }
        if (!rest.isEmpty()) {
            lines.add(rest);
        }
        return lines;
    }

    static List<String> wrapped(String indent, String text) {
        return wrap(WIDTH - indent.length(), text).stream()
                .map(line -> indent + line)
                .toList();
    }

    /** One row of a table: the cells, and what stands in the last column, below each other. */
    record Row(List<String> cells, List<String> last) {
        static Row of(String... cells) {
            List<String> all = List.of(cells);
            return new Row(all.subList(0, all.size() - 1), List.of(all.getLast()));
        }
    }

    /**
     * Columns as wide as their widest cell, two blanks between; the last column takes what is left and wraps. A first cell
     * that is longer than others have room for stands on a line of its own.
     *
     * @param longestFirst such that it, the cells between and the gaps leave room for the last column
     */
    static List<String> table(int longestFirst, List<Row> rows) {
        int columns = rows.getFirst().cells().size();
        int[] widths = new int[columns];
        for (Row row : rows) {
            for (int i = 0; i < columns; i++) {
                int length = row.cells().get(i).length();
                if (i > 0) {
                    widths[i] = Math.max(widths[i], Math.min(length, LONGEST_CELL));
                } else if (length <= longestFirst) {
                    widths[0] = Math.max(widths[0], length);
                }
            }
        }
        List<String> lines = new ArrayList<>();
        rows.forEach(row -> lines.addAll(row(row, widths)));
        return lines;
    }

    private static List<String> row(Row row, int[] widths) {
        List<String> lines = new ArrayList<>();
        StringBuilder start = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = row.cells().get(i);
            if (cell.length() > widths[i] && i == 0) {
                lines.addAll(wrap(WIDTH, cell));
                cell = "";
            } else if (cell.length() > widths[i]) {
                cell = cell.substring(0, widths[i] - 1) + "~";
            }
            start.append(cell).append(" ".repeat(widths[i] - cell.length())).append(GAP);
        }
        String indent = start.toString();
        for (String paragraph : row.last()) {
            for (String line : wrap(WIDTH - indent.length(), paragraph)) {
                lines.add(indent + line);
                indent = " ".repeat(indent.length());
            }
        }
        if (!indent.isBlank()) {
            lines.add(indent.stripTrailing());
        }
        return lines;
    }
}
