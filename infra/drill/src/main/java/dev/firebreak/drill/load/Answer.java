package dev.firebreak.drill.load;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One HTTP answer.
 *
 * @param headers lines as they came, {@code Name: value}
 */
public record Answer(int status, List<String> headers, byte[] body) {
    /** First value of a header. */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    /** Every value of a header. */
    public List<String> headers(String name) {
        String prefix = name.toLowerCase(Locale.ROOT) + ":";
        return headers.stream()
                .filter(line -> line.regionMatches(true, 0, prefix, 0, prefix.length()))
                .map(line -> line.substring(prefix.length()).strip())
                .toList();
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    public boolean isGood() {
        return status / 100 == 2;
    }

    public boolean isRedirect() {
        return status / 100 == 3;
    }

    /** Never the headers: cookies are credentials. */
    @Override
    public String toString() {
        return "HTTP " + status + " " + text().substring(0, Math.min(200, text().length()));
    }
}
