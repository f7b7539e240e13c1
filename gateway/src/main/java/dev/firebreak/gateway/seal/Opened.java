package dev.firebreak.gateway.seal;

/** What a sealed value turned out to be. */
public sealed interface Opened {
    /** It opened: this is what was sealed. */
    record Content(byte[] bytes) implements Opened {}

    /** Sealed by a key or in a format that this node does not have; another node may. Proves nothing. */
    record KeyUnknown(String keyId) implements Opened {}

    /** Proof that the value is worth nothing: altered, made up, or sealed with a retired key. */
    record Invalid(String reason) implements Opened {}
}
