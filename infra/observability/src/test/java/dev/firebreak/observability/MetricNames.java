package dev.firebreak.observability;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of time series: those that the services expose, and those that an expression of PromQL reads. */
final class MetricNames {
    private static final Path GOLDEN = Path.of("src/test/resources/golden/metrics.txt");

    /** First of all, for they may hold braces and parentheses. */
    private static final Pattern STRINGS = Pattern.compile("\"(\\\\.|[^\"\\\\])*\"");

    /** What is no name although it looks like one: matchers, ranges, and the labels of a grouping. */
    private static final Pattern NO_NAMES = Pattern.compile(
            "\\{[^}]*}|\\[[^]]*]|\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)|#.*");

    /** Not after a digit, a dot or the like, and no function, which has a parenthesis after it. */
    private static final Pattern NAME = Pattern.compile("(?<![\\w:.])[a-zA-Z_:][\\w:]*+(?!\\s*\\()");

    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset", "atan2");

    private MetricNames() {}

    /** One a line, in the order of the text format; comments begin with {@code #}. */
    static Set<String> golden() {
        try {
            return Files.readAllLines(GOLDEN).stream()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Enough of PromQL for our rules, which promtool has parsed before. */
    static Set<String> in(String expression) {
        String rest =
                NO_NAMES.matcher(STRINGS.matcher(expression).replaceAll(" ")).replaceAll(" ");
        Set<String> names = new TreeSet<>();
        Matcher matcher = NAME.matcher(rest);
        while (matcher.find()) {
            if (!WORDS.contains(matcher.group())) {
                names.add(matcher.group());
            }
        }
        return names;
    }
}
