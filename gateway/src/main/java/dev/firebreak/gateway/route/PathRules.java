package dev.firebreak.gateway.route;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a path may look like before anything is routed by it. Whatever two parsers might read in two ways is refused: an
 * allow-list is worth nothing if the service behind it sees another path than the gateway saw.
 */
final class PathRules {
    private PathRules() {}

    /** What is wrong with the raw path, in words; empty if nothing is. */
    static Optional<String> fault(@Nullable String path) {
        if (path == null || path.isEmpty() || path.charAt(0) != '/') {
            return Optional.of("The path does not begin with a slash");
        }
        int segment = 1;
        for (int i = 1; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '/') {
                if (i == segment) {
                    return Optional.of("The path has an empty segment");
                }
                if (isDots(path, segment, i)) {
                    return Optional.of("The path has a dot segment");
                }
                segment = i + 1;
            } else if (c == ';') {
                return Optional.of("The path has a parameter");
            } else if (c == '\\' || c <= ' ' || c >= 0x7f) {
                return Optional.of("The path has a character that must be encoded");
            } else if (c == '%') {
                Optional<String> fault = faultOfEscape(path, i);
                if (fault.isPresent()) {
                    return fault;
                }
                i += 2;
            }
        }
        return isDots(path, segment, path.length()) ? Optional.of("The path has a dot segment") : Optional.empty();
    }

    /** An encoded delimiter, dot or percent sign reads differently before and after decoding. */
    private static Optional<String> faultOfEscape(String path, int at) {
        int high = at + 1 < path.length() ? Character.digit(path.charAt(at + 1), 16) : -1;
        int low = at + 2 < path.length() ? Character.digit(path.charAt(at + 2), 16) : -1;
        if (high < 0 || low < 0) {
            return Optional.of("The path has a broken escape");
        }
        int octet = 16 * high + low;
        boolean refused = switch (octet) {
            case '/', '\\', ';', '.', '%', '?', '#', 0x7f -> true;
            default -> octet < ' ';
        };
        return refused ? Optional.of("The path has an escape that is not accepted in paths") : Optional.empty();
    }

    private static boolean isDots(String path, int from, int to) {
        int length = to - from;
        return (length == 1 || length == 2) && path.charAt(from) == '.' && path.charAt(to - 1) == '.';
    }
}
