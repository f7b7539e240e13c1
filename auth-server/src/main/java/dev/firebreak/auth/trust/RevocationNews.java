package dev.firebreak.auth.trust;

/** Tells the reader of revocations that one was written on this node, whichever pool it went through. Thread-safe. */
public final class RevocationNews {
    private volatile Runnable reader = () -> {};

    /** What runs after each commit that wrote a revocation; must be quick. */
    void onCommit(Runnable early) {
        reader = early;
    }

    void committed() {
        reader.run();
    }
}
