package dev.firebreak.starter.http;

import dev.firebreak.contracts.error.RequestError;
import dev.firebreak.contracts.error.ServiceException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The versions that a change may be based on (RFC 9110, 13.1.1). Our entity tags are version numbers in double quotes, so
 * weak and foreign tags can match nothing.
 *
 * @param any true for {@code *}: whatever is there
 */
public record IfMatch(boolean any, Set<Integer> versions) {
    /** A list member: an entity tag, weak or strong. */
    private static final Pattern TAG = Pattern.compile("\\G\\s*(W/)?\"([\\x21\\x23-\\x7e\\x80-\\xff]*)\"\\s*(?:,|$)");

    /** Nine digits fit an int; no row lives through a billion changes. */
    private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,8}");

    /** More tags than anybody holds of one item. */
    private static final int LONGEST_HEADER = 512;

    public IfMatch {
        versions = Set.copyOf(versions);
    }

    /** The entity tag of a version. */
    public static String tag(int version) {
        return "\"" + version + "\"";
    }

    /** Reads the header; absent if there is none, {@code request.malformed} if it is no list of entity tags. */
    public static Optional<IfMatch> parse(@Nullable String header) {
        if (header == null) {
            return Optional.empty();
        }
        if (header.strip().equals("*")) {
            return Optional.of(new IfMatch(true, Set.of()));
        }
        Set<Integer> versions = new HashSet<>();
        Matcher tags = TAG.matcher(header);
        int end = 0;
        while (header.length() <= LONGEST_HEADER && tags.find()) {
            end = tags.end();
            if (tags.group(1) == null && VERSION.matcher(tags.group(2)).matches()) {
                versions.add(Integer.valueOf(tags.group(2)));
            }
        }
        if (end == 0 || end < header.length()) {
            throw new ServiceException(RequestError.MALFORMED, "If-Match is not a list of entity tags.");
        }
        return Optional.of(new IfMatch(false, versions));
    }

    /** True if a change may be based on this version. */
    public boolean admits(int version) {
        return any || versions.contains(version);
    }
}
