package dev.firebreak.cli.keys;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** Ids of keys for people: long enough to tell them apart, short enough for a table, and good as {@code --kid}. */
public final class KeyNames {
    private static final int SHORTEST = 8;

    /** Below this a prefix is more likely a slip. */
    private static final int SHORTEST_GIVEN = 4;

    private final Set<String> kids;

    private KeyNames(Collection<String> kids) {
        this.kids = new TreeSet<>(kids);
    }

    /** Of an array of objects that have a {@code kid} or an {@code id}. */
    public static KeyNames of(JsonNode keys) {
        return new KeyNames(keys.valueStream()
                .map(KeyNames::id)
                .filter(kid -> !kid.isEmpty())
                .toList());
    }

    static String id(JsonNode key) {
        String kid = Lines.text(key, "kid");
        return kid.isEmpty() ? Lines.text(key, "id") : kid;
    }

    /** The shortest beginning, of 8 characters at least, that no other key has. */
    String shortOf(String kid) {
        for (int length = SHORTEST; length < kid.length(); length++) {
            String beginning = kid.substring(0, length);
            if (kids.stream().allMatch(other -> other.equals(kid) || !other.startsWith(beginning))) {
                return beginning;
            }
        }
        return kid;
    }

    /** The ids that somebody may have meant: the one that is equal, else those that begin like this. */
    public List<String> meant(String given) {
        if (kids.contains(given)) {
            return List.of(given);
        }
        return given.length() < SHORTEST_GIVEN
                ? List.of()
                : kids.stream().filter(kid -> kid.startsWith(given)).toList();
    }
}
