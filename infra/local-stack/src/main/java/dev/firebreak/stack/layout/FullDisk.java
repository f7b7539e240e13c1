package dev.firebreak.stack.layout;

import java.nio.file.Path;

/** Tells a full disk, which a person can mend, from other failures to write. */
public final class FullDisk {
    /** What the kernel says at ENOSPC and at EDQUOT (strerror(3) in the C locale); Java passes it on as text alone. */
    private static final String NO_SPACE = "No space left on device";

    private static final String OVER_QUOTA = "Disk quota exceeded";

    private FullDisk() {}

    /** Whether this failure, or what caused it, is the disk's. */
    public static boolean caused(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = cause.getMessage();
            if (message != null && (message.contains(NO_SPACE) || message.contains(OVER_QUOTA))) {
                return true;
            }
        }
        return false;
    }

    /** What to do about it. */
    public static String advice() {
        return "free some space on that file system, then run it again; `df -h` shows what is full";
    }

    static StackException at(Path path, Throwable cause) {
        return new StackException("the disk is full: cannot write to " + path, advice(), cause);
    }
}
