package dev.firebreak.gateway.seal;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.text.ParseException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The keys that seal and open, as the ring file has them at one moment. Immutable; exactly one key seals. */
final class Ring {
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,16}");
    private static final int KEY_BYTES = 32;
    private static final Set<String> MEMBERS = Set.of("id", "state", "key");

    private final Map<String, Key> keys;
    private final Key sealing;

    /** What a key may be used for. */
    enum State {
        SEALING("sealing"),
        OPEN_ONLY("open-only"),
        RETIRED("retired");

        private final String wireName;

        State(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }

        static State of(@Nullable Object text) {
            return Arrays.stream(values())
                    .filter(state -> state.wireName.equals(text))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("state must be sealing, open-only or retired"));
        }
    }

    /** One key of the ring. Its text form hides the secret. */
    static final class Key {
        private final String id;
        private final State state;
        private final byte[] secret;

        private Key(String id, State state, byte[] secret) {
            this.id = id;
            this.state = state;
            this.secret = secret;
        }

        String id() {
            return id;
        }

        State state() {
            return state;
        }

        /** Callers do not change it. */
        byte[] secret() {
            return secret;
        }

        @Override
        public String toString() {
            return id + " (" + state.wireName() + ")";
        }
    }

    private Ring(Map<String, Key> keys, Key sealing) {
        this.keys = keys;
        this.sealing = sealing;
    }

    /**
     * Reads a ring file; {@link IllegalArgumentException} says what is wrong with it, never quoting its content.
     *
     * @param json {@code {"keys":[{"id","state","key":"<base64 of 32 bytes>"}]}}
     */
    static Ring parse(String json) {
        Map<String, Key> keys = new LinkedHashMap<>();
        Key sealing = null;
        for (Map<String, Object> entry : entries(json)) {
            Key key = key(entry);
            if (keys.put(key.id(), key) != null) {
                throw new IllegalArgumentException("two keys have the id " + key.id());
            }
            if (key.state() == State.SEALING) {
                if (sealing != null) {
                    throw new IllegalArgumentException("both " + sealing.id() + " and " + key.id() + " are sealing");
                }
                sealing = key;
            }
        }
        if (sealing == null) {
            throw new IllegalArgumentException("no key is sealing");
        }
        return new Ring(Map.copyOf(keys), sealing);
    }

    Key sealing() {
        return sealing;
    }

    Optional<Key> find(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    /** All keys, for reports. */
    List<Key> keys() {
        return keys.values().stream().sorted((a, b) -> a.id().compareTo(b.id())).toList();
    }

    private static List<Map<String, Object>> entries(String json) {
        try {
            Map<String, Object> document = JSONObjectUtils.parse(json);
            @SuppressWarnings("unchecked")
            Map<String, Object>[] entries = document.keySet().equals(Set.of("keys"))
                    ? JSONObjectUtils.getJSONObjectArray(document, "keys")
                    : null;
            if (entries == null) {
                throw new IllegalArgumentException("it must have the one member keys, an array of objects");
            }
            return List.of(entries);
        } catch (ParseException e) {
            // The text of the parse error may hold parts of a key, so it is not kept.
            throw new IllegalArgumentException("it is not a JSON object with an array of keys");
        }
    }

    private static Key key(Map<String, Object> entry) {
        if (!entry.keySet().equals(MEMBERS)) {
            throw new IllegalArgumentException("each key must have the members id, state and key, and no others");
        }
        if (!(entry.get("id") instanceof String id) || !ID.matcher(id).matches()) {
            throw new IllegalArgumentException("an id must be 1 to 16 letters, digits, hyphens or underscores");
        }
        return new Key(id, State.of(entry.get("state")), secret(id, entry.get("key")));
    }

    private static byte[] secret(String id, @Nullable Object text) {
        try {
            byte[] secret = Base64.getDecoder().decode(String.valueOf(text));
            if (secret.length == KEY_BYTES) {
                return secret;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("key " + id + " is not base64");
        }
        throw new IllegalArgumentException("key " + id + " must have " + KEY_BYTES + " bytes");
    }
}
