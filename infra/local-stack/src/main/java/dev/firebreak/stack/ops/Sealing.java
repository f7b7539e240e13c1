package dev.firebreak.stack.ops;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * How far a rotation of the key-encryption key has come, as {@code ops/sealing} shows it.
 *
 * @param current id of the key that everything is to be sealed under
 * @param done true if no other key is needed
 * @param waitsFor nodes whose key file has another first key
 */
public record Sealing(String current, List<Key> keys, boolean done, List<String> waitsFor) {
    /**
     * One key-encryption key.
     *
     * @param rows sealed values that need it
     * @param inFile whether the file of the node that answered holds it
     */
    public record Key(String id, long rows, boolean inFile) {}

    public Sealing {
        keys = List.copyOf(keys);
        waitsFor = List.copyOf(waitsFor);
    }

    static Sealing of(JsonNode json) {
        List<Key> keys = new ArrayList<>();
        json.path("keys")
                .forEach(key -> keys.add(new Key(
                        key.path("id").asString(""),
                        key.path("rows").asLong(0),
                        key.path("in_file").asBoolean(false))));
        List<String> waitsFor = new ArrayList<>();
        json.path("waits_for").forEach(node -> waitsFor.add(node.asString("")));
        return new Sealing(
                json.path("current").asString(""), keys, json.path("done").asBoolean(false), waitsFor);
    }
}
