package dev.firebreak.auth.event;

/** Tells the reader of events that some were written on this node, whichever pool they went through. Thread-safe. */
public final class EventNews {
    private volatile Runnable reader = () -> {};

    /** What runs after each commit that wrote an event; must be quick. */
    void onCommit(Runnable early) {
        reader = early;
    }

    void committed() {
        reader.run();
    }
}
