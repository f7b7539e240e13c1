package dev.firebreak.auth.node;

/** A set of keys that every node holds a copy of. */
public enum KeyRing {
    /** Key-encryption keys, each from the node's own file; in order, the first one seals. */
    WRAPPING,
    /** Keys of the refresh tokens' MAC, from the database. */
    REFRESH_MAC
}
