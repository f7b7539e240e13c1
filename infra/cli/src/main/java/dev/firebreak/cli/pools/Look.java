package dev.firebreak.cli.pools;

import java.util.ArrayList;
import java.util.List;

/**
 * How the place we print to wants it.
 *
 * @param width columns, 40 to 80
 * @param fancy colours and block characters; otherwise plain ASCII
 */
public record Look(int width, boolean fancy) {
    private static final int NARROWEST = 40;
    private static final int WIDEST = 80;
    private static final String EIGHTHS = " ▏▎▍▌▋▊▉";

    private static final double BUSY = 0.6;

    /** From here on the alert rules speak of it. */
    private static final double FULL = 0.8;

    enum Tone {
        GOOD("32"),
        WARN("33"),
        BAD("31"),
        HEADING("1");

        private final String code;

        Tone(String code) {
            this.code = code;
        }
    }

    public Look {
        width = Math.clamp(width, NARROWEST, WIDEST);
    }

    /**
     * @param columns the variable COLUMNS; what is no number counts as 80
     */
    public static Look of(String columns, boolean fancy) {
        return new Look(columns.matches("\\d{1,6}") ? Integer.parseInt(columns) : WIDEST, fancy);
    }

    String paint(Tone tone, String text) {
        return fancy ? "\u001B[" + tone.code + "m" + text + "\u001B[0m" : text;
    }

    /**
     * A bar so many columns wide, painted by how full it is.
     *
     * @param share 0 to 1; more counts as 1
     */
    String bar(double share, int columns) {
        double full = Math.min(share, 1);
        if (!fancy) {
            int marks = (int) Math.round(full * (columns - 2));
            return "[" + "#".repeat(marks) + ".".repeat(columns - 2 - marks) + "]";
        }
        int eighths = (int) Math.round(full * columns * 8);
        StringBuilder bar = new StringBuilder("█".repeat(eighths / 8));
        if (eighths % 8 > 0) {
            bar.append(EIGHTHS.charAt(eighths % 8));
        }
        String rest = "·".repeat(columns - bar.length());
        return paint(share > FULL ? Tone.BAD : share > BUSY ? Tone.WARN : Tone.GOOD, bar.toString()) + rest;
    }

    /** Lines of at most this width, broken at blanks where there are any. */
    List<String> wrap(String indent, String text) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        int room = width - indent.length();
        while (rest.length() > room) {
            int blank = rest.lastIndexOf(' ', room);
            int cut = blank > 0 ? blank : room;
            lines.add(indent + rest.substring(0, cut));
            rest = rest.substring(cut).strip();
        }
        lines.add(indent + rest);
        return lines;
    }
}
