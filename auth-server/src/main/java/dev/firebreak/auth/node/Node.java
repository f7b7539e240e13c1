package dev.firebreak.auth.node;

import java.util.List;
import java.util.UUID;

/**
 * A living authorization server as it last reported itself.
 *
 * @param name its configured name
 * @param instance this start of it
 * @param wrappingKeys ids of the key-encryption keys that it can use, the one that its file seals with first
 * @param macKeys ids of the refresh tokens' MAC keys that it can use
 */
public record Node(String name, UUID instance, List<String> wrappingKeys, List<String> macKeys) {
    public Node {
        wrappingKeys = List.copyOf(wrappingKeys);
        macKeys = List.copyOf(macKeys);
    }
}
