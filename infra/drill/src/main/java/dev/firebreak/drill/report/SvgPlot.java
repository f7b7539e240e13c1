package dev.firebreak.drill.report;

import dev.firebreak.drill.scenario.Point;
import dev.firebreak.drill.scenario.Result;
import java.util.List;
import java.util.Locale;

/** Goodput against offered load, both as shares of the subject's own peak: ours and the control's in one picture. */
public final class SvgPlot {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 360;
    private static final int LEFT = 60;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final double MOST_LOAD = 10;
    private static final double MOST_SHARE = 1.25;

    private SvgPlot() {}

    /** @param results those with a curve; others are left out */
    public static String of(List<Result> results) {
        StringBuilder svg = new StringBuilder()
                .append(format(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\" "
                                + "font-family=\"sans-serif\" font-size=\"12\">%n",
                        WIDTH, HEIGHT))
                .append("<title>Goodput against offered load</title>\n")
                .append("<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n");
        axes(svg);
        int row = 0;
        for (Result result : results) {
            if (!result.curve().isEmpty()) {
                curve(result, row++, svg);
            }
        }
        return svg.append("</svg>\n").toString();
    }

    private static void axes(StringBuilder svg) {
        for (double share = 0; share <= 1; share += 0.25) {
            line(svg, x(0), y(share), x(MOST_LOAD), y(share), "#dddddd");
            text(svg, LEFT - 8, y(share) + 4, "end", Math.round(share * 100) + " %");
        }
        for (int multiple : new int[] {1, 2, 5, 10}) {
            line(svg, x(multiple), y(0), x(multiple), y(MOST_SHARE), "#eeeeee");
            text(svg, x(multiple), HEIGHT - BOTTOM + 18, "middle", multiple + "×");
        }
        line(svg, x(0), y(0), x(MOST_LOAD), y(0), "#333333");
        line(svg, x(0), y(0), x(0), y(MOST_SHARE), "#333333");
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", "offered load (1× = 60 % of the peak)");
        text(svg, LEFT, TOP - 14, "start", "good answers, share of the peak");
    }

    /** Dashes as well as colours tell the curves apart. */
    private static void curve(Result result, int row, StringBuilder svg) {
        String colour = result.isControl() ? "#b3261e" : "#1b6e3c";
        String dashes = result.isControl() ? " stroke-dasharray=\"6 4\"" : "";
        StringBuilder points = new StringBuilder();
        for (Point point : result.curve()) {
            points.append(format("%.1f,%.1f ", x(point.multiple()), y(point.ofPeak())));
        }
        svg.append(format(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2.5\"%s/>%n",
                points.toString().strip(), colour, dashes));
        for (Point point : result.curve()) {
            svg.append(format(
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>%n",
                    x(point.multiple()), y(point.ofPeak()), colour));
        }
        int at = TOP - 14 + row * 16;
        line(svg, WIDTH - 170, at - 4, WIDTH - 140, at - 4, colour);
        text(svg, WIDTH - 132, at, "start", format("%s (peak %.0f/s)", result.subject(), result.peak()));
    }

    private static double x(double multiple) {
        return LEFT + multiple / MOST_LOAD * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double share) {
        return HEIGHT - BOTTOM - Math.min(share, MOST_SHARE) / MOST_SHARE * (HEIGHT - TOP - BOTTOM);
    }

    private static void line(StringBuilder svg, double x1, double y1, double x2, double y2, String colour) {
        svg.append(format(
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>%n", x1, y1, x2, y2, colour));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String words) {
        svg.append(format("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, words));
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
