package dev.firebreak.stack.secrets;

import dev.firebreak.stack.layout.AtomicFile;
import dev.firebreak.stack.layout.StackException;
import dev.firebreak.stack.layout.StackFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The gateway's cookie ring, which it reads from its own file and takes over within a second of a change. A key opens
 * before it seals: added as open-only, it seals only by a second order, when every gateway has it. Younger keys stand
 * behind older ones. Immutable; each order gives the ring it leads to.
 */
public final class CookieRing {
    private static final int KEY_BYTES = 32;
    private static final JsonMapper JSON = new JsonMapper();
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final String SEALING = "sealing";
    private static final String OPEN_ONLY = "open-only";
    private static final String RETIRED = "retired";
    private static final Set<String> STATES = Set.of(SEALING, OPEN_ONLY, RETIRED);

    /** What one order did to one key. */
    public record Change(String id, @Nullable String before, String after) {
        @Override
        public String toString() {
            return id + ": " + (before == null ? "new" : before) + " -> " + after;
        }
    }

    /** A ring and how it came to be. */
    public record Changed(CookieRing ring, List<Change> changes) {
        /** The file is whole and 0600, or the former one; then a line in the log says why. */
        public void save(StackFolder folder, Instant at, String reason) {
            if (changes.isEmpty()) {
                return;
            }
            try {
                AtomicFile.write(folder.cookieRing(), ring.content());
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + folder.cookieRing(), e);
            }
            log(folder.cookieRingLog(), at + " " + changes + " " + reason.replaceAll("\\p{Cntrl}", " "));
        }
    }

    /** A key without its secret. */
    public record Entry(String id, String state) {}

    private record Key(String id, String state, String secret) {
        Key in(String newState) {
            return new Key(id, newState, secret);
        }

        @Override
        public String toString() {
            return id + " (" + state + ")";
        }
    }

    private final List<Key> keys;

    private CookieRing(List<Key> keys) {
        this.keys = List.copyOf(keys);
    }

    /** The ring of a new stack: one key, which seals. */
    static CookieRing first() {
        return new CookieRing(List.of(new Key("c1", SEALING, newSecret())));
    }

    /** The ring that the stack's gateway reads. */
    public static CookieRing load(StackFolder folder) {
        Path file = folder.cookieRing();
        try {
            return parse(file, Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new StackException("there is no " + file, "start the stack once: ./firebreak up --detach", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Oldest first. */
    public List<Entry> entries() {
        return keys.stream().map(key -> new Entry(key.id(), key.state())).toList();
    }

    /** A new key that opens and does not seal yet. */
    public Changed add() {
        waiting().ifPresent(waiting -> {
            throw new StackException(
                    "key " + waiting.id() + " was added before and does not seal yet",
                    "./firebreak keys activate --ring cookie lets it seal, keys retire drops it");
        });
        Key fresh = new Key(nextId(), OPEN_ONLY, newSecret());
        return new Changed(
                new CookieRing(Stream.concat(keys.stream(), Stream.of(fresh)).toList()),
                List.of(new Change(fresh.id(), null, OPEN_ONLY)));
    }

    /**
     * Lets a key seal; the one that did goes on opening.
     *
     * @param id null is the key that was added last
     */
    public Changed activate(@Nullable String id) {
        Key chosen = id == null
                ? waiting()
                        .orElseThrow(() -> new StackException(
                                "no key of the cookie ring waits to seal",
                                "./firebreak keys rotate --ring cookie --reason TEXT adds one"))
                : require(id);
        if (chosen.state().equals(RETIRED)) {
            throw new StackException(
                    "key " + chosen.id() + " is retired and stays so",
                    "./firebreak keys rotate --ring cookie --reason TEXT adds a new one");
        }
        return move(chosen.id(), SEALING);
    }

    /** What a retired key sealed is worth nothing any more: its sessions have to sign in again. */
    public Changed retire(String id) {
        if (require(id).state().equals(SEALING)) {
            throw new StackException(
                    "key " + id + " seals: without it there is no ring",
                    "let another one seal first: ./firebreak keys activate --ring cookie");
        }
        return move(id, RETIRED);
    }

    String content() {
        ObjectNode ring = JSON.createObjectNode();
        ArrayNode list = ring.putArray("keys");
        keys.forEach(key ->
                list.addObject().put("id", key.id()).put("state", key.state()).put("key", key.secret()));
        return ring + "\n";
    }

    @Override
    public String toString() {
        return keys.toString();
    }

    private static void log(Path file, String line) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException("the ring is changed, but the reason cannot be written to " + file, e);
        }
    }

    private Changed move(String id, String state) {
        List<Key> moved = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        for (Key key : keys) {
            boolean chosen = key.id().equals(id);
            boolean makesRoom = !chosen && state.equals(SEALING) && key.state().equals(SEALING);
            Key after = chosen ? key.in(state) : makesRoom ? key.in(OPEN_ONLY) : key;
            if (!after.state().equals(key.state())) {
                changes.add(new Change(key.id(), key.state(), after.state()));
            }
            moved.add(after);
        }
        return new Changed(new CookieRing(moved), changes);
    }

    /** The open-only key behind the sealing one; those before it sealed once. */
    private Optional<Key> waiting() {
        return keys.reversed().stream()
                .takeWhile(key -> !key.state().equals(SEALING))
                .filter(key -> key.state().equals(OPEN_ONLY))
                .findFirst();
    }

    private Key require(String id) {
        return keys.stream()
                .filter(key -> key.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new StackException(
                        "the cookie ring has no key " + id, "./firebreak keys list --ring cookie shows what it has"));
    }

    private String nextId() {
        long highest = keys.stream()
                .map(Key::id)
                .filter(id -> id.matches("c[0-9]{1,9}"))
                .mapToLong(id -> Long.parseLong(id.substring(1)))
                .max()
                .orElse(0);
        return "c" + (highest + 1);
    }

    private static CookieRing parse(Path file, String content) {
        List<Key> keys = new ArrayList<>();
        try {
            for (JsonNode key : JSON.readTree(content).path("keys")) {
                keys.add(new Key(
                        key.path("id").asString(""),
                        key.path("state").asString(""),
                        key.path("key").asString("")));
            }
        } catch (JacksonException e) {
            // The cause is dropped: its text may hold parts of a key.
            throw unusable(file);
        }
        boolean sound = keys.stream()
                .allMatch(key -> !key.id().isEmpty()
                        && STATES.contains(key.state())
                        && !key.secret().isEmpty());
        long sealing = keys.stream().filter(key -> key.state().equals(SEALING)).count();
        if (!sound || sealing != 1) {
            throw unusable(file);
        }
        return new CookieRing(keys);
    }

    private static StackException unusable(Path file) {
        return new StackException(
                file + " is no cookie ring", "the gateway's log says what is wrong: ./firebreak logs gateway-1");
    }

    private static String newSecret() {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        return Base64.getEncoder().encodeToString(key);
    }
}
