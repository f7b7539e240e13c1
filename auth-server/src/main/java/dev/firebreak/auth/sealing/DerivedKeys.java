package dev.firebreak.auth.sealing;

import java.util.List;

/**
 * Key material for one use, derived from each key-encryption key that this node holds: what was sealed before a rotation
 * opens after it. Thread-safe; opening costs no derivation while the keys stay the same.
 */
public final class DerivedKeys {
    private final FileKeyWrapper wrapper;
    private final String info;
    private final int bytes;
    private volatile Derived derived;

    private record Derived(HeldKeys from, List<byte[]> material) {}

    DerivedKeys(FileKeyWrapper wrapper, String info, int bytes) {
        this.wrapper = wrapper;
        this.info = info;
        this.bytes = bytes;
        this.derived = derive(wrapper.keys());
    }

    /** What to seal with now. */
    public byte[] sealing() {
        return wrapper.sealer().derive(info, bytes);
    }

    /** Everything to open with, the likeliest first; not to be changed. */
    public List<byte[]> opening() {
        HeldKeys keys = wrapper.keys();
        Derived known = derived;
        if (!known.from().equals(keys)) {
            known = derive(keys);
            derived = known;
        }
        return known.material();
    }

    private Derived derive(HeldKeys keys) {
        return new Derived(
                keys, keys.all().stream().map(key -> key.derive(info, bytes)).toList());
    }
}
