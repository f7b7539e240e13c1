package dev.firebreak.drill.site;

import dev.firebreak.drill.load.Answer;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The cookies of one browser at one host (RFC 6265, as far as this system uses it). Thread-safe. */
final class CookieJar {
    private record Cookie(String name, String value, String path) {
        boolean matches(String requestPath) {
            return requestPath.equals(path) || requestPath.startsWith(path.endsWith("/") ? path : path + "/");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private final Map<String, Cookie> cookies = new LinkedHashMap<>();

    /** Takes in what an answer sets and takes out what it clears. */
    synchronized void store(Answer answer) {
        for (String header : answer.headers("set-cookie")) {
            String[] parts = header.split(";");
            String[] pair = parts[0].strip().split("=", 2);
            String path = attribute(parts, "path", "/");
            String key = pair[0] + ";" + path;
            if (clears(header)) {
                cookies.remove(key);
            } else {
                cookies.put(key, new Cookie(pair[0], pair.length > 1 ? pair[1] : "", path));
            }
        }
    }

    /** The {@code Cookie} header for a path; empty when there is nothing to send. */
    synchronized String header(String pathAndQuery) {
        String path = pathAndQuery.split("\\?", 2)[0];
        return cookies.values().stream()
                .filter(cookie -> cookie.matches(path))
                .sorted(Comparator.comparing((Cookie cookie) -> -cookie.path().length()))
                .map(cookie -> cookie.name() + "=" + cookie.value())
                .collect(Collectors.joining("; "));
    }

    /** Whether a {@code Set-Cookie} header takes its cookie away. */
    static boolean clears(String setCookie) {
        String attributes = setCookie.toLowerCase(Locale.ROOT);
        return attributes.contains("max-age=0") || attributes.contains("expires=thu, 01 jan 1970");
    }

    private static String attribute(String[] parts, String name, String otherwise) {
        for (int i = 1; i < parts.length; i++) {
            String[] pair = parts[i].strip().split("=", 2);
            if (pair[0].equalsIgnoreCase(name) && pair.length == 2) {
                return pair[1];
            }
        }
        return otherwise;
    }
}
