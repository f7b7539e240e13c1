package dev.firebreak.cli.pools;

import dev.firebreak.cli.pools.Look.Tone;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/** Pools for people: a row each, and below it what is wrong. In less than about 76 columns a few lines each instead. */
public record PoolTable(Look look, ZoneId zone) {
    private static final int LONGEST_NAME = 18;
    private static final int SHORTEST_NAME = 12;
    private static final int SHORTEST_BAR = 6;
    private static final int LONGEST_BAR = 20;

    /** All columns but the name and the bar. */
    private static final int FIXED = " SIZE OPEN ACTIVE IDLE WAIT  100% EMPTY    MEAN  CHURN".length();

    public List<String> lines(List<Answer> answers) {
        int name = answers.stream()
                .flatMap(answer -> answer.pools().stream())
                .mapToInt(pool -> pool.name().length() + 2)
                .max()
                .orElse(SHORTEST_NAME);
        name = Math.clamp(name, SHORTEST_NAME, LONGEST_NAME);
        int bar = Math.min(look.width() - FIXED - name, LONGEST_BAR);
        boolean wide = bar >= SHORTEST_BAR;
        List<String> lines = new ArrayList<>();
        if (wide) {
            lines.add(look.paint(Tone.HEADING, heading(name, bar)));
        }
        for (Answer answer : answers) {
            if (!answer.reached()) {
                warn(lines, "", answer.target().node() + "  unreachable: " + answer.failure());
                lines.addAll(look.wrap("  ", answer.target().address().toString()));
                continue;
            }
            lines.add(answer.target().node() + (answer.pools().isEmpty() ? "  has no pools" : ""));
            for (Pool pool : answer.pools()) {
                lines.addAll(wide ? List.of(row(pool, name, bar)) : block(pool));
                remarks(lines, pool);
            }
        }
        return lines;
    }

    private static String heading(int name, int bar) {
        return ("%-" + name + "s SIZE OPEN ACTIVE IDLE WAIT %-" + (bar + 5) + "s EMPTY    MEAN  CHURN")
                .formatted("POOL", bar + 5 < "UTILISATION".length() ? "USED" : "UTILISATION");
    }

    private String row(Pool pool, int name, int bar) {
        double used = used(pool);
        return ("%-" + name + "s %4s %4s %6s %4s %4s %s %4s %5s %7s %6s")
                .formatted(
                        cut("  " + pool.name(), name),
                        count(pool.size()),
                        count(pool.open()),
                        count(pool.active()),
                        count(pool.idle()),
                        count(pool.waiting()),
                        look.bar(used, bar),
                        percent(OptionalDouble.of(used)),
                        percent(pool.emptyShare()),
                        wait(pool.meanWaitMs()),
                        churn(pool.churnPerS()));
    }

    private List<String> block(Pool pool) {
        double used = used(pool);
        List<String> lines = new ArrayList<>(look.wrap(
                "  ",
                "%s: %d of %d open, %d active, %d idle, %d waiting"
                        .formatted(pool.name(), pool.open(), pool.size(), pool.active(), pool.idle(), pool.waiting())));
        lines.add("    " + look.bar(used, LONGEST_BAR) + " " + percent(OptionalDouble.of(used)));
        lines.addAll(look.wrap(
                "    ",
                "empty %s, mean wait %s, churn %s"
                        .formatted(percent(pool.emptyShare()), wait(pool.meanWaitMs()), churn(pool.churnPerS()))));
        return lines;
    }

    private void remarks(List<String> lines, Pool pool) {
        String queue = pool.lanes().stream()
                .filter(lane -> lane.waiting() > 0)
                .map(lane -> lane.name() + " " + lane.waiting())
                .collect(Collectors.joining(", "));
        if (!queue.isEmpty()) {
            lines.addAll(look.wrap("    ", "waiting: " + queue));
        }
        if (!pool.isOk()) {
            String words = pool.words(zone);
            // Rather less indented than broken.
            int indent = words.length() > look.width() ? 4 : Math.min(4, look.width() - words.length());
            warn(lines, " ".repeat(indent), words);
        }
    }

    private void warn(List<String> lines, String indent, String text) {
        look.wrap(indent, text).forEach(line -> lines.add(look.paint(Tone.BAD, line)));
    }

    private static double used(Pool pool) {
        return pool.utilisation().orElse(pool.size() == 0 ? 0 : (double) pool.active() / pool.size());
    }

    private static String cut(String name, int width) {
        return name.length() <= width ? name : name.substring(0, width - 1) + "~";
    }

    private static String count(int number) {
        return number < 10_000 ? Integer.toString(number) : Math.min(number / 1000, 999) + "k";
    }

    private static String percent(OptionalDouble share) {
        return share.isEmpty() ? "-" : Math.min(Math.round(share.getAsDouble() * 100), 999) + "%";
    }

    private static String wait(OptionalDouble ms) {
        if (ms.isEmpty()) {
            return "-";
        }
        return ms.getAsDouble() < 999.5
                ? short3(ms.getAsDouble()) + " ms"
                : short3(Math.min(ms.getAsDouble() / 1000, 9999)) + " s";
    }

    private static String churn(OptionalDouble perSecond) {
        return perSecond.isEmpty() ? "-" : short3(Math.min(perSecond.getAsDouble(), 9999)) + "/s";
    }

    private static String short3(double number) {
        return number == 0 || number >= 9.95
                ? Long.toString(Math.round(number))
                : String.format(Locale.ROOT, "%.1f", number);
    }
}
