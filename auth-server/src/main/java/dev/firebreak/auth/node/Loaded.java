package dev.firebreak.auth.node;

import java.util.List;
import java.util.function.Supplier;

/**
 * What this node has of one ring: a bean of the module that keeps the ring. Answers from memory.
 *
 * @param ids ids of the keys that this node can use at this moment; letters, digits and hyphens
 */
public record Loaded(KeyRing ring, Supplier<List<String>> ids) {}
