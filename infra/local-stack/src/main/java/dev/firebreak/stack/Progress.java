package dev.firebreak.stack;

/** Hears what happens while a stack starts and stops; called from several threads. */
@FunctionalInterface
public interface Progress {
    Progress SILENT = (who, what) -> {};

    /**
     * @param who a part's name, or {@code stack}
     * @param what what just happened to it, in a few words
     */
    void report(String who, String what);
}
