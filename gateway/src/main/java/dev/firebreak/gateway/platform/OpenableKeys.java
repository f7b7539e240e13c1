package dev.firebreak.gateway.platform;

import java.util.List;

/** Ids of the cookie keys that this node can open at this moment; told to the trust feed, where operators see them. */
@FunctionalInterface
public interface OpenableKeys {
    List<String> ids();
}
